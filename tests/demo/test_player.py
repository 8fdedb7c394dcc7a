"""The player without a terminal, on a clock of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.demo.journal import Journal
from bot.demo.keys import KeyReader
from bot.demo.layout import row_text
from bot.demo.player import Player
from bot.demo.script import parse

BASH = {"bash": "make", "id": "b"}


class Stagehand:
    def __init__(self, *steps: dict[str, Any], **options: Any) -> None:
        self.player = Player(parse({"steps": list(steps), **options}), Journal(None))
        self.now = 100.0
        self.turn()

    def turn(self, seconds: float = 0.0) -> str:
        """Moves time on; the screen."""
        self.now += seconds
        self.player.advance(self.now)
        settled, live, _ = self.player.frame(80, 40)
        self.player.drawn(self.now)
        return "\n".join(row_text(line) for line in [*settled, *live])

    def press(self, data: bytes) -> str:
        for key in KeyReader().feed(data):
            self.player.press(key, self.now)
        return self.turn()


def test_the_guard_ends_after_its_time() -> None:
    stage = Stagehand(BASH)
    assert "Do you want" in stage.press(b"1")
    stage.turn(0.149)
    assert "Do you want" in stage.press(b"\r")
    stage.turn(0.002)
    assert "Ran 1 shell command" in stage.press(b"1")


def test_the_next_dialog_comes_after_the_gap() -> None:
    stage = Stagehand(BASH, BASH, guard_ms=0)
    assert "esc to interrupt" in stage.press(b"1")
    assert "Do you want" not in stage.turn(0.1)
    assert "Do you want" in stage.turn(0.05)


def test_it_sleeps_only_until_something_changes() -> None:
    stage = Stagehand({"work": 10}, {"idle": True})
    assert stage.player.patience(stage.now) == 0.25
    stage.turn(10)
    assert stage.player.patience(stage.now) is None


def test_an_interrupted_turn_waits_and_goes_on_with_the_next_message() -> None:
    stage = Stagehand({"say": "Begun."}, {"work": 10}, {"say": "Never mind."})
    assert "Interrupted" in stage.press(b"\x1b")
    assert "Never mind." not in stage.turn(60)
    stage.press(b"go on\r")
    assert "Never mind." in stage.turn(1)


def test_a_story_can_begin_anew() -> None:
    stage = Stagehand({"say": "Once."}, {"idle": True}, {"repeat": True})
    stage.press(b"again\r")
    assert stage.turn(1).count("Once.") == 2


def test_control_c_twice_ends_it() -> None:
    stage = Stagehand({"idle": True})
    stage.press(b"draft\x03\x03")
    assert not stage.player.over
    stage.turn(5)
    stage.press(b"\x03\x03")
    assert stage.player.over


def test_a_script_can_end_the_program(tmp_path: Path) -> None:
    assert Stagehand({"exit": 3}).player.exit_code == 3
