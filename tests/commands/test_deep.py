from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.trials import kept
from bot.app import TRIES
from bot.canary.subjects.claude import CASES, SUBJECT
from bot.commands.deep import chosen, try_all
from bot.core.errors import WingmanError

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(60)]


def test_what_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []

    try_all(tmp_path / "state", said.append, chosen(()))

    assert "Claude Code is not installed: nothing to try" in said
    assert "OpenCode is not installed: nothing to try" in said
    assert kept(tmp_path / "state") == ()


def test_what_was_found_is_told_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "claude"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    said: list[str] = []

    subject = replace(SUBJECT, cases=CASES[:1])
    try_all(tmp_path / "state", said.append, (subject,))

    assert said[0].startswith("Trying Claude Code 9.9.9")
    assert said[1] == "  ✗ start by pane: a session, started"
    (trial,) = kept(tmp_path / "state")
    assert (trial.version, len(trial.failed)) == ("9.9.9", 1)


def test_only_those_that_were_named() -> None:
    assert [subject.agent for subject in chosen(["codex"])] == ["codex"]
    with pytest.raises(WingmanError, match="'cursor' is no agent that can be tried; these are: a"):
        chosen(["codex", "cursor"])


def test_a_gateway_has_one_agent_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("claude", "codex"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9\nexit 3\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    state = tmp_path / "state"

    done = subprocess.run([*TRIES, str(state), "claude"], capture_output=True, timeout=50)

    assert (done.returncode, done.stdout) == (0, b"")
    assert [(trial.agent, trial.version) for trial in kept(state)] == [("claude", "9.9.9")]


def test_what_was_broken_off_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(begun := tmp_path / "begun")
    program = tmp_path / "claude"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9 && exit\necho > {begun}\nexec sleep 60\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with subprocess.Popen([*TRIES, str(tmp_path / "state"), "claude"]) as trying:
        begun.read_text()
        trying.send_signal(signal.SIGINT)
        assert trying.wait(30) == 0

    assert kept(tmp_path / "state") == ()
