from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.trials import kept
from bot.canary.subjects.claude import CASES, SUBJECT
from bot.commands.deep import try_all
from bot.settings import Settings

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(60)]


def test_what_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []

    try_all(Settings(state_dir=tmp_path / "state"), said.append)

    assert "Claude Code is not installed: nothing to try" in said
    assert "OpenCode is not installed: nothing to try" in said
    assert kept(tmp_path / "state") == {}


def test_what_was_found_is_told_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "claude"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    said: list[str] = []

    subject = replace(SUBJECT, cases=CASES[:1])
    try_all(Settings(state_dir=tmp_path / "state"), said.append, (subject,))

    assert said[0].startswith("Trying Claude Code 9.9.9")
    assert said[1] == "  ✗ start by pane: a session, started"
    trial = kept(tmp_path / "state")["claude"]
    assert (trial.version, len(trial.failed)) == ("9.9.9", 1)
