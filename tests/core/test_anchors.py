from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents import generic
from bot.core.anchors import CLOSE_ENOUGH, NOWHERE, Anchor, anchor_of, find, since
from bot.core.screen import PaneFacts, Screen
from bot.core.signals import Signal

HEIGHT = 10
PROMPT = "$ "


class Terminal:
    """Lines as tmux keeps them: wrapped at its width, the newest in sight, the oldest dropped."""

    def __init__(self, width: int = 60, limit: int = 2000) -> None:
        self.width, self.limit = width, limit
        self.height = HEIGHT
        self.lines: list[str] = []

    def shows(self, history: int = 0) -> Screen:
        rows = [part for line in (*self.lines, PROMPT) for part in self._cut(line)]
        rows = rows[-self.limit - self.height :]
        above = max(0, len(rows) - self.height)
        rows += [""] * (self.height - len(rows))
        facts = PaneFacts(
            "sh",
            cursor_x=2,
            cursor_y=min(self.height, len(rows)) - 1 if above else len(self.lines),
            history=above,
            height=self.height,
            width=self.width,
        )
        return Screen(tuple(row.rstrip() for row in rows[max(0, above - history) :]), facts)

    def _cut(self, line: str) -> list[str]:
        cuts = range(0, max(1, len(line)), self.width)
        return [line[at : at + self.width] for at in cuts]

    def prints(self, *lines: str) -> None:
        self.lines += lines


def signals(screen: Screen) -> tuple[Signal, ...]:
    return generic.read_screen(screen).signals


def kept(terminal: Terminal) -> Anchor:
    screen = terminal.shows()
    anchor = anchor_of(screen, signals(screen))
    assert anchor is not None
    return anchor


def fresh(anchor: Anchor, terminal: Terminal) -> list[str] | None:
    screen = terminal.shows(5000)
    found = find(anchor, screen)
    return None if found is None else [one.text for one in since(signals(screen), found)]


def output(count: int, name: str = "line") -> Sequence[str]:
    return [f"{name} number {n} of what a program prints" for n in range(count)]


@pytest.mark.parametrize("width", [60, 25, 200])
@pytest.mark.parametrize("before", [0, 3, 50])
def test_what_came_since_at_any_width(width: int, before: int) -> None:
    terminal = Terminal()
    terminal.prints("$ make", *output(before), ":::DONE:built:::")
    anchor = kept(terminal)
    assert fresh(anchor, terminal) == []
    terminal.prints("$ make", ":::DONE:built:::", *output(100), ":::HELP:which port?:::")
    terminal.width = width
    assert fresh(anchor, terminal) == ["built", "which port?"]


def test_in_a_pane_that_was_empty_all_is_new() -> None:
    terminal = Terminal()
    anchor = kept(terminal)
    terminal.prints("$ make", ":::DONE:built:::", *output(100))
    terminal.width = 30
    assert fresh(anchor, terminal) == ["built"]


def test_lines_that_repeat_themselves_are_told_apart_by_their_number() -> None:
    terminal = Terminal()
    terminal.prints(*["tick tick tick tick"] * 70)
    anchor = kept(terminal)
    terminal.prints(":::DONE:built:::", *["tick tick tick tick"] * 90)
    assert fresh(anchor, terminal) == ["built"]


def test_a_history_that_was_trimmed() -> None:
    terminal = Terminal(limit=200)
    terminal.prints(*output(150), ":::DONE:old:::")
    anchor = kept(terminal)
    terminal.prints(*output(180, "more"), ":::DONE:new:::")
    assert fresh(anchor, terminal) == ["new"]
    terminal.prints(*output(300, "still more"), ":::DONE:newest:::")
    assert fresh(anchor, terminal) is None


def test_of_what_is_drawn_anew_a_place_further_up_is_found() -> None:
    terminal = Terminal()
    terminal.prints(*output(6), "10 % of it")
    anchor = kept(terminal)
    terminal.lines[-1] = "90 % of it"
    terminal.prints(":::DONE:built:::")
    assert fresh(anchor, terminal) == ["built"]


def test_a_signal_that_has_no_line_end_yet_is_old_all_the_same() -> None:
    screen = Screen(
        ("$ make", ":::DONE:built:::", *[""] * 8),
        PaneFacts("sh", cursor_x=16, cursor_y=1, height=HEIGHT, width=60),
    )
    anchor = anchor_of(screen, signals(screen))
    assert anchor is not None
    terminal = Terminal()
    terminal.prints("$ make", ":::DONE:built:::")
    assert fresh(anchor, terminal) == []
    terminal.prints("$ make", ":::DONE:built:::")
    assert fresh(anchor, terminal) == ["built"]


def test_no_place_within_a_signal_that_is_being_written() -> None:
    terminal = Terminal()
    terminal.prints(*output(3), ":::DONE:the first of", "two lines and")
    anchor = kept(terminal)
    terminal.prints("no more:::")
    screen = terminal.shows()
    found = find(anchor, screen)
    assert found is not None
    assert screen.rows[found.row].startswith("line number 2")


def test_nowhere() -> None:
    terminal = Terminal()
    terminal.prints(*output(3))
    screen = terminal.shows()
    assert find(NOWHERE, screen) is None
    assert anchor_of(replace(screen, pane=replace(screen.pane, alternate=True)), ()) is None
    assert anchor_of(replace(screen, pane=PaneFacts()), ()) is None


def test_few_words_are_not_believed_anywhere_else() -> None:
    terminal = Terminal()
    terminal.prints(*output(50), "", "", "", "", "", "", "", "", "", "ok")
    anchor = kept(terminal)
    assert all(place.length < CLOSE_ENOUGH for place in anchor.places)
    assert fresh(anchor, terminal) == []
    terminal.width = 30
    assert fresh(anchor, terminal) is None


_LINES = st.lists(
    st.sampled_from([*output(3), ":::DONE:a:::", ":::HELP:b c:::", "$ make", ""]), max_size=40
)


@given(_LINES, st.lists(st.sampled_from(output(20)), min_size=4, max_size=8, unique=True), _LINES)
def test_nothing_old_is_ever_new(before: list[str], between: list[str], after: list[str]) -> None:
    terminal = Terminal()
    terminal.prints(*before, *between)
    anchor = kept(terminal)
    terminal.width = 47
    assert fresh(anchor, terminal) in ([], None)
    terminal.prints(*after)
    told = fresh(anchor, terminal)
    assert told is None or len(told) <= sum(line.startswith(":::") for line in after)
