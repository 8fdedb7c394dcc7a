"""Panels with a heavy bar at their left edge, as OpenTUI draws them, and the text in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.layout import cells, indent

BAR = "┃"


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows with a bar at one column; ``lines`` is what stands behind bar and margin."""

    top: int
    end: int
    left: int
    lines: tuple[str, ...]
    width: int

    @property
    def margin(self) -> int:
        return self.left + 3

    def filled(self, start: int = 0) -> int:
        """The next line that holds anything; the number of lines when there is none."""
        lines = enumerate(self.lines[start:], start)
        return next((at for at, line in lines if line.strip()), len(self.lines))


def block_above(rows: Sequence[str], end: int) -> Panel:
    """The panel whose last row is the one before ``end``; without lines when there is none."""
    left = rows[end - 1].find(BAR) if end else -1
    top = end
    while (
        left >= 0
        and top
        and rows[top - 1][left : left + 1] == BAR
        and indent(rows[top - 1]) == left
    ):
        top -= 1
    lines = tuple(row[left + 3 :] for row in rows[top:end])
    return Panel(top, end, left, lines, max(map(cells, rows[top:end]), default=0))


def cut(row: str, columns: int) -> str:
    """The first columns of a row."""
    if row.isascii():
        return row[:columns]
    used = 0
    for at, char in enumerate(row):
        used += cells(char)
        if used > columns:
            return row[:at]
    return row


_BREAKS_AFTER = "-/\\."
_BREAKS = re.compile(r"[^\s\-/\\.,;:!?()\[\]{}]*[\s\-/\\.,;:!?()\[\]{}]?")


def joined(lines: Sequence[str], room: int) -> str:
    """Lines as they were before wrapping, as far as a screen tells. Text is broken at blanks,
    which are lost, and behind marks such as a slash (OpenTUI, wrap mode "word")."""
    text = ""
    for at, line in enumerate(lines):
        if at:
            text += _seam(lines[at - 1], line, room)
        text += line
    return text


def _seam(previous: str, following: str, room: int) -> str:
    found = _BREAKS.match(following)
    word = len((found.group() if found else "").rstrip())
    inside = previous[-1:] in _BREAKS_AFTER or len(previous) >= room
    if not previous or following[:1] in ("", " ") or len(previous) + (not inside) + word <= room:
        return "\n"
    return "" if inside else " "


def first_gap(lines: Sequence[str]) -> int:
    """The first empty line; their number when there is none."""
    return next((at for at, line in enumerate(lines) if not line.strip()), len(lines))


def last_paragraph(lines: Sequence[str]) -> int:
    """Where the lowest lines without an empty one between them begin."""
    start = max((at for at, line in enumerate(lines) if line.strip()), default=0)
    while start and lines[start - 1].strip():
        start -= 1
    return start
