from __future__ import annotations

import json
from pathlib import Path

import pytest
from libtmux import Server

from bot.core.screen import Screen
from bot.core.wire import pane_facts
from tests.support.commandline import CommandLine

SCREEN = "a \\033[1mbold\\033[0m word\\ntoken=abcdefgh12\\n"


@pytest.fixture
def session(wingman: CommandLine, server: Server) -> str:
    server.new_session("work", window_command=f"printf '{SCREEN}'; exec cat", x=60, y=20)
    path = server.cmd("display-message", "-p", "#{socket_path}").stdout[0]
    wingman.monkeypatch.setenv("WINGMAN_TMUX__SOCKET_PATH", path)
    return "work"


def test_a_screen_becomes_a_case(wingman: CommandLine, session: str, tmp_path: Path) -> None:
    while "token" not in wingman("peek", session).out:
        pass
    ran = wingman("capture", session, "--case", "odd_dialog", "--to", str(tmp_path / "cases"))

    assert ran.code == 0
    assert "odd_dialog_60.txt, .ansi and .json: read as shell" in ran.out
    assert "Look through them before you share" in ran.out
    base = tmp_path / "cases" / "odd_dialog_60"
    text = base.with_suffix(".txt").read_text()
    assert "a bold word\ntoken=xxxxxxxxxx\n" in text
    ansi = base.with_suffix(".ansi").read_text()
    assert "\x1b[1mbold" in ansi
    assert "abcdefgh12" not in ansi
    about = json.loads(base.with_suffix(".json").read_text())
    assert about["expected"] == {"state": "shell"}
    assert about["height"] == 20
    assert Screen.of(text, pane_facts(about["pane"])).pane.command == "cat"


def test_a_session_that_is_not_there(wingman: CommandLine, session: str) -> None:
    ran = wingman("capture", "nobody")

    assert (ran.code, ran.out) == (1, "")
    assert "there is no session 'nobody'; there are: work" in ran.err


def test_a_case_is_a_plain_name(wingman: CommandLine, session: str) -> None:
    ran = wingman("capture", session, "--case", "../x")

    assert ran.code == 1
    assert "'../x' is no name for a case" in ran.err
