from __future__ import annotations

import json
from pathlib import Path

from bot.canary.mcp_server import SERVER
from bot.canary.subject import Place
from bot.canary.subjects.claude import CASES, SUBJECT
from tests.support.trials import prove_something


def test_each_case_proves_something() -> None:
    prove_something(CASES)


def test_its_home_is_past_the_first_run_and_its_model_is_ours(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "project", tmp_path / "outside", 1234)

    SUBJECT.seed(place)

    known = json.loads((tmp_path / ".claude.json").read_text())
    assert known["hasCompletedOnboarding"]
    assert str(place.project) in known["mcpServers"][SERVER]["args"]
    settings = json.loads((tmp_path / ".claude" / "settings.json").read_text())
    assert settings["skipWebFetchPreflight"], "its maker would be asked about the page"
    assert SUBJECT.environment(place)["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:1234"
