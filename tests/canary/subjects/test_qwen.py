from __future__ import annotations

import json
from pathlib import Path

from bot.canary.subject import Place
from bot.canary.subjects.qwen import CASES, SUBJECT
from tests.support.trials import prove_something


def test_each_case_proves_something() -> None:
    prove_something(CASES)


def test_it_uses_a_key_that_is_none_and_asks_for_the_folder(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "project", tmp_path / "outside", 1234)

    SUBJECT.seed(place)

    settings = json.loads((tmp_path / ".qwen" / "settings.json").read_text())
    assert settings["security"]["folderTrust"]["enabled"] is True
    environment = SUBJECT.environment(place)
    assert environment["OPENAI_BASE_URL"] == "http://127.0.0.1:1234/v1"
    assert environment["OPENAI_API_KEY"] == "no-key"
