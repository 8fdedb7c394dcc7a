"""The terminal of a scripted agent: raw keys in, frames out, on either screen."""

from __future__ import annotations

import os
import termios
import tty

from bot.demo.layout import Row, paint

_BRACKETED_PASTE = "\x1b[?2004h"
_ALTERNATE = "\x1b[?1049h"
_HIDE_CURSOR = "\x1b[?25l"


class Terminal:
    """``show`` draws a frame: what is settled, and what may still change."""

    def __init__(self, title: str, *, fullscreen: bool) -> None:
        self.fullscreen = fullscreen
        self._title = title
        self._rows: list[Row] = []
        self._settled = 0
        self._saved: list[int | list[bytes | int]] = []
        self.width, self.height = 80, 24

    def __enter__(self) -> Terminal:
        self._saved = termios.tcgetattr(0)
        tty.setraw(0)
        start = f"\x1b]2;{self._title}\x07{_BRACKETED_PASTE}{_HIDE_CURSOR}"
        self._write(start + (_ALTERNATE if self.fullscreen else ""))
        self.measure()
        return self

    def __exit__(self, *exception: object) -> None:
        self._write(("\x1b[?1049l" if self.fullscreen else "") + "\x1b[?2004l\x1b[?25h")
        termios.tcsetattr(0, termios.TCSADRAIN, self._saved)

    def measure(self) -> None:
        """Takes the size of the pane, and forgets what is drawn there."""
        size = os.get_terminal_size(1)
        self.width, self.height = max(size.columns, 10), max(size.lines, 4)
        self._rows, self._settled = [], 0
        self._write("\x1b[2J\x1b[H" + ("" if self.fullscreen else "\x1b[3J"))

    def show(self, settled: list[Row], live: list[Row], *, pinned: int) -> None:
        """``pinned`` rows of ``live`` stay at the bottom of the full screen."""
        if self.fullscreen:
            self._show_full(settled, live, pinned)
        else:
            self._show_classic(settled, live[-(self.height - 1) :])

    def _show_full(self, settled: list[Row], live: list[Row], pinned: int) -> None:
        rows = [*settled, *live]
        missing = self.height - len(rows)
        split = len(rows) - pinned
        rows = [*rows[:split], *([()] * max(missing, 0)), *rows[split:]][-self.height :]
        old = self._rows or [()] * self.height
        changed = [
            f"\x1b[{index};1H{paint(line)}\x1b[K"
            for index, line in enumerate(rows, 1)
            if line != old[index - 1]
        ]
        self._rows = rows
        if changed:
            self._write("".join(changed))

    def _show_classic(self, settled: list[Row], live: list[Row]) -> None:
        fresh = settled[self._settled :]
        if not fresh and live == self._rows:
            return
        up = f"\x1b[{len(self._rows)}A" if self._rows else ""
        lines = "".join(paint(line) + "\r\n" for line in [*fresh, *live])
        self._rows, self._settled = live, len(settled)
        self._write(f"\r{up}\x1b[J{lines}")

    def leave_behind(self, rows: list[Row]) -> None:
        """Rows for the main screen, after which the program ends."""
        if self.fullscreen:
            self._write("\x1b[?1049l")
            self.fullscreen = False
        self._write("".join(paint(line) + "\r\n" for line in rows))

    def read(self) -> bytes:
        return os.read(0, 65536)

    def _write(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(1, data) :]
