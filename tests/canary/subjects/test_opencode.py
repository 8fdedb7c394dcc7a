from __future__ import annotations

import json
from pathlib import Path

from bot.canary.subject import Place
from bot.canary.subjects.opencode import CASES, SUBJECT
from tests.support.trials import prove_something


def test_each_case_proves_something() -> None:
    prove_something(CASES)


def test_its_only_model_is_ours_and_it_asks_before_it_acts(tmp_path: Path) -> None:
    SUBJECT.seed(Place(tmp_path, tmp_path / "project", tmp_path / "outside", 1234))

    file = tmp_path / ".config" / "opencode" / "opencode.json"
    settings = json.loads(file.read_text())
    (provider,) = settings["provider"].values()
    assert provider["options"]["baseURL"] == "http://127.0.0.1:1234/v1"
    assert set(settings["permission"].values()) == {"ask"}
