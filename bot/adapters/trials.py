"""The last trial of each agent, in a file of the state directory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.adapters.programs import version_of
from bot.core.trials import Doubts, Finding, Trial, Untried

FILE = "canary.json"


def kept(state_dir: Path) -> dict[str, Trial]:
    """By agent id. What cannot be read, also because another version wrote it, was never there."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        documents = json.loads((state_dir / FILE).read_text(encoding="utf-8"))
        return {
            agent: Trial(**{**one, "findings": tuple(Finding(**f) for f in one["findings"])})
            for agent, one in documents.items()
        }
    return {}


async def doubts(state_dir: Path, programs: Mapping[str, str]) -> Doubts:
    """What the last trials found wrong in the versions that are installed now.

    ``programs``: agent id to what is looked for on PATH."""
    wrong = [trial for trial in kept(state_dir).values() if trial.failed]
    return Doubts.of([trial for trial in wrong if await _is_of_now(trial, programs)])


async def untried(state_dir: Path, programs: Mapping[str, str]) -> tuple[Untried, ...]:
    """Agents that were tried once, and are of another version now. Asks each for its version."""
    found = []
    for trial in kept(state_dir).values():
        now = await _version_now(trial.agent, programs)
        if now and now != trial.version:
            found.append(Untried(trial.agent, trial.version, now))
    return tuple(found)


async def _is_of_now(trial: Trial, programs: Mapping[str, str]) -> bool:
    return await _version_now(trial.agent, programs) == trial.version


async def _version_now(agent: str, programs: Mapping[str, str]) -> str:
    """Empty when it is not installed any more, or does not tell."""
    program = shutil.which(programs.get(agent, ""))
    return "" if program is None else await version_of(program)


def keep(state_dir: Path, trial: Trial) -> None:
    """Beside the other agents' last trials. Raises OSError."""
    documents = {**kept(state_dir), trial.agent: trial}
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, temporary = tempfile.mkstemp(prefix=f".{FILE}-", dir=state_dir)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        json.dump({agent: asdict(one) for agent, one in documents.items()}, stream, indent=1)
    Path(temporary).replace(state_dir / FILE)
