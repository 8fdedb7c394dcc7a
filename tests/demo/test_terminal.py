from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic

from bot.demo.layout import row
from bot.demo.terminal import Terminal


@contextmanager
def standing_in() -> Iterator[int]:
    """The other side of a terminal that stands in for standard input and output."""
    saved = os.dup(0), os.dup(1)
    outer, inner = pty.openpty()
    termios.tcsetwinsize(inner, (6, 20))
    os.set_blocking(outer, False)
    os.dup2(inner, 0)
    os.dup2(inner, 1)
    try:
        yield outer
    finally:
        _give_back(saved, outer, inner)


def _give_back(saved: tuple[int, int], outer: int, inner: int) -> None:
    for number, kept in enumerate(saved):
        os.dup2(kept, number)
    for descriptor in (*saved, outer, inner):
        os.close(descriptor)


def written(master: int, *parts: str) -> str:
    text, end = "", monotonic() + 5
    while not all(part in text for part in parts):
        assert monotonic() < end, text
        try:
            text += os.read(master, 65536).decode()
        except BlockingIOError:
            Event().wait(0.01)
    return text


def test_the_full_screen_redraws_only_rows_that_changed() -> None:
    with standing_in() as master, Terminal("title", fullscreen=True) as terminal:
        assert (terminal.width, terminal.height) == (20, 6)
        written(master, "\x1b]2;title\x07", "\x1b[?2004h", "\x1b[?1049h")
        terminal.show([row("one")], [row("box")], pinned=1)
        written(master, "\x1b[1;1Hone", "\x1b[6;1Hbox")
        terminal.show([row("one")], [row("new")], pinned=1)
        assert "one" not in written(master, "\x1b[6;1Hnew")


def test_the_main_screen_keeps_what_is_settled() -> None:
    with standing_in() as master, Terminal("title", fullscreen=False) as terminal:
        assert "1049" not in written(master, "\x1b[?2004h")
        terminal.show([row("one")], [row("live"), row("box")], pinned=0)
        written(master, "one\r\nlive\r\nbox\r\n")
        terminal.show([row("one"), row("two")], [row("box")], pinned=0)
        assert "one" not in written(master, "\x1b[2A\x1b[Jtwo\r\nbox\r\n")
        terminal.show([row("one"), row("two")], [row("box")], pinned=0)
        terminal.leave_behind([row("bye")])
        assert "two" not in written(master, "bye\r\n")
