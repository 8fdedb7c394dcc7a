from __future__ import annotations

import pytest

from bot.demo.dialogs import ListDialog, Option, Outcome
from bot.demo.keys import KeyReader
from bot.demo.layout import MARKER, row, row_text


def dialog(*, new: bool = True) -> ListDialog:
    options = [
        Option("Yes", "allowed", opens="tab", placeholder="and tell it what to do next"),
        Option("Yes, always for: ", "always", opens="caret", text="make *"),
        Option("No", "denied", opens="tab", placeholder="and tell it what to do"),
    ]
    return ListDialog(
        "d", lambda width, room: [row("head")], options, wraps_down=not new, overrun=new
    )


def press(shown: ListDialog, data: bytes) -> Outcome | None:
    outcome = None
    for key in KeyReader().feed(data):
        outcome = outcome or shown.press(key)
    return outcome


UP, DOWN = b"\x1b[A", b"\x1b[B"


@pytest.mark.parametrize(
    ("data", "event", "reason", "stops"),
    [
        (b"1", "allowed", "", False),
        (b"3", "denied", "", True),
        (b"\r", "allowed", "", False),
        (b"\x1b", "denied", "", True),
        (UP + b"\tno\r", "denied", "no", False),
        (UP + b"\t\r", "denied", "", True),
        (UP + b"\tno\t\r", "denied", "", True),
        (b"\tok\x7f\r", "allowed", "o", False),
        (DOWN + b"x1\r", "always", "make *x1", False),
        (DOWN + b"\x15all\r", "always", "all", False),
        (b"11\r", "allowed", "", False),
        (DOWN * 5 + b"\r", "denied", "", True),
    ],
)
def test_outcomes(data: bytes, event: str, reason: str, stops: bool) -> None:
    outcome = press(dialog(), data)
    assert outcome is not None
    assert (outcome.event, outcome.reason, outcome.stops) == (event, reason, stops)


@pytest.mark.parametrize(
    ("new", "data", "caret"),
    [
        (True, DOWN * 5, 2),
        (True, DOWN * 5 + UP * 3, 2),
        (True, DOWN * 5 + UP * 4, 1),
        (True, b"9" + UP, 2),
        (False, DOWN * 3, 0),
        (False, b"9", 0),
        (True, UP, 2),
        (False, UP, 2),
        (True, b"k", 2),
        (True, b"j", 1),
    ],
)
def test_where_the_marker_goes(new: bool, data: bytes, caret: int) -> None:
    shown = dialog(new=new)
    press(shown, data)
    assert shown.caret == caret


def test_a_long_reason_is_wrapped_under_itself() -> None:
    shown = dialog()
    press(shown, UP + b"\tplease do not touch the other folder")
    rows = [row_text(line) for line in shown.draw(30, 40)]
    assert rows[-2:] == [f" {MARKER} 3. No, please do not touch", "          the other folder"]
