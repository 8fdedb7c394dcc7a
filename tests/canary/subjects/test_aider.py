from __future__ import annotations

import json
from pathlib import Path

from bot.canary.subject import Place
from bot.canary.subjects.aider import CASES, SUBJECT
from tests.support.trials import prove_something


def test_each_case_proves_something() -> None:
    prove_something(CASES)


def test_its_model_is_ours_and_it_looks_for_no_prices(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "project", tmp_path / "outside", 1234)
    place.project.mkdir()

    SUBJECT.seed(place)

    (prices,) = (tmp_path / ".aider" / "caches").iterdir()
    assert "openai/scripted" in json.loads(prices.read_text())
    assert SUBJECT.environment(place)["OPENAI_API_BASE"] == "http://127.0.0.1:1234/v1"
