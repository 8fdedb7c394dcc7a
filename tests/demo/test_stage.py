from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from bot.demo.stage import Stage, StageError
from bot.demo.stories import STORIES

pytestmark = pytest.mark.tmux


def until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not condition():
        assert monotonic() < end
        Event().wait(0.02)


def tmux(stage: Stage, *arguments: str) -> str:
    command = ["tmux", "-S", str(stage.socket_path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_every_story_is_a_session_that_runs_claude_in_its_project(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.up()
    try:
        rows = "#{session_name} #{pane_current_command} #{b:pane_current_path}"
        wanted = {f"{name} claude {name}" for name in STORIES}
        until(lambda: set(tmux(stage, "list-panes", "-a", "-F", rows).splitlines()) == wanted)
        until(
            lambda: (
                "Do you want to proceed?" in tmux(stage, "capture-pane", "-p", "-t", "shop-api")
            )
        )
        assert stage.log_path("shop-api").exists()
    finally:
        stage.down()
    assert tmux(stage, "list-sessions") == ""
    assert list(tmp_path.iterdir()) == []


def test_its_agents_get_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", "7000000001:token-that-no-agent-should-have-00")
    stage = Stage(tmp_path, {"one": {"steps": []}})
    stage.up()
    try:
        assert "PATH=" in tmux(stage, "show-environment", "-g")
        assert "WINGMAN_" not in tmux(stage, "show-environment", "-g")
    finally:
        stage.down()


def test_it_comes_up_anew_over_one_that_was_left(tmp_path: Path) -> None:
    left, stage = Stage(tmp_path), Stage(tmp_path, {"one": {"steps": []}})
    left.up()
    stage.up()
    assert tmux(stage, "list-sessions", "-F", "#{session_name}").split() == ["one"]
    left.down()
    stage.down()


def test_it_ends_with_the_process_that_was_killed(tmp_path: Path) -> None:
    code = (
        "import pathlib, signal, sys; from bot.demo.stage import Stage;"
        "Stage(pathlib.Path(sys.argv[1])).up(); print('up', flush=True); signal.pause()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    until(lambda: list(tmp_path.iterdir()) == [])
    assert tmux(Stage(tmp_path), "list-sessions") == ""


def test_a_server_that_cannot_start_is_told(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with pytest.raises(StageError, match="too long"):
        Stage(deep).up()
