from __future__ import annotations

import tomllib
from pathlib import Path

from bot.canary.subject import Place
from bot.canary.subjects.codex import CASES, SUBJECT
from tests.support.trials import prove_something


def test_each_case_proves_something() -> None:
    prove_something(CASES)


def test_its_only_model_is_ours_and_its_sandbox_is_shut(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "project", tmp_path / "outside", 1234)
    SUBJECT.seed(place)

    home = Path(SUBJECT.environment(place)["CODEX_HOME"])
    settings = tomllib.loads((home / "config.toml").read_text())
    assert settings["sandbox_mode"] == "read-only"
    (provider,) = settings["model_providers"].values()
    assert provider["base_url"] == "http://127.0.0.1:1234/v1"
