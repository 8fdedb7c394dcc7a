from __future__ import annotations

import json
from pathlib import Path

from bot.canary.claude import CASES, SUBJECT
from bot.canary.subject import Place


def test_each_case_proves_something() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.turns
        for step in case.steps:
            proof = step.makes or step.never or step.hears or case.steps[-1].makes
            assert proof, case.id
            assert step.shows, case.id


def test_its_home_is_past_the_first_run_and_its_model_is_ours(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "project", 1234)

    SUBJECT.seed(place)

    assert json.loads((tmp_path / ".claude.json").read_text())["hasCompletedOnboarding"]
    assert SUBJECT.environment(place)["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:1234"
