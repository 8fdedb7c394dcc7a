"""What the canary proved on the real agents when it last ran on all of them, as the page of agents
tells it. With WINGMAN_TEST_RECORD=1 the run of ``test_canary`` writes it anew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from bot.core.trials import Way

FILE = Path(__file__).with_name("proved.json")
RECORDING = os.environ.get("WINGMAN_TEST_RECORD") == "1"

Proved = dict[str, dict[str, dict[str, list[str]]]]
"""Agent id, version, way: the cases."""


def proved() -> Proved:
    document: Proved = json.loads(FILE.read_text(encoding="utf-8"))
    return document


def keep(agent: str, version: str, way: Way, cases: Iterable[str]) -> None:
    """Only where that was asked for."""
    if not RECORDING:
        return
    known = proved() if FILE.exists() else {}
    known.setdefault(agent, {}).setdefault(version, {})[way.value] = [*cases]
    text = json.dumps(known, indent=1, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")
