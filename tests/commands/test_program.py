"""Lines to copy name the command as it can be run here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.commands.program import program, runnable


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "check out" / ".venv" / "bin" / "wingman"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(file), "setup"])
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return file


def test_in_a_checkout_it_is_the_path_from_here(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installed.parents[2])
    assert program() == ".venv/bin/wingman"
    assert runnable("copy it, or run: wingman setup") == "copy it, or run: .venv/bin/wingman setup"
    assert runnable("remove /run/wingman now; /a/wingman run") == (
        "remove /run/wingman now; /a/wingman run"
    )


def test_elsewhere_it_is_the_whole_path(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    assert program() == f"'{installed}'"


def test_on_path_it_is_the_name(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(installed.parent))
    assert program() == "wingman"


@pytest.mark.parametrize("given", ["-c", "/usr/bin/pytest", "wingman"])
def test_run_in_another_way_it_is_the_name(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [given])
    assert program() == "wingman"
