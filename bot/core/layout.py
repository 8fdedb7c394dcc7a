"""Geometry of a screen: indents, rules, cell widths, and lines that wrapping has cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise

RULE_MIN = 16
"""Shorter runs of a rule's glyph are decoration or text, not the edge of a box."""


def indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def cells(text: str) -> int:
    """Columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(char) for char in text)


@cache
def _cells_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def last_row(rows: Sequence[str], has: Callable[[str], object]) -> int | None:
    """Where the lowest row stands that has it."""
    return next((at for at in range(len(rows) - 1, -1, -1) if has(rows[at])), None)


def is_flush(row: str) -> bool:
    """It begins at the left edge, as what stands deeper does not."""
    return row[:1] not in ("", " ")


def is_rule(row: str, glyphs: str = "─") -> bool:
    """A line of one glyph from the first column on: agents' text is always indented."""
    return len(row) >= RULE_MIN and row[0] in glyphs and row == row[0] * len(row)


def is_inner_rule(row: str, glyphs: str = "─") -> bool:
    return is_rule(row.strip(" "), glyphs)


def rule_width(rows: Iterable[str], glyphs: str) -> int:
    """The width of the pane, as its rules tell; 0 when none is in sight."""
    return max((len(row) for row in rows if is_rule(row, glyphs)), default=0)


def paragraph_above(rows: Sequence[str], end: int, column: int) -> int:
    """Where the lines of exactly that indent start that end just above ``end``."""
    start = end
    while start and rows[start - 1].strip() and indent(rows[start - 1]) == column:
        start -= 1
    return start


def trimmed(rows: Sequence[str]) -> tuple[str, ...]:
    """Without the empty rows at both ends."""
    start, end = 0, len(rows)
    while start < end and not rows[start].strip():
        start += 1
    while end > start and not rows[end - 1].strip():
        end -= 1
    return tuple(rows[start:end])


def dedented(rows: Sequence[str]) -> tuple[str, ...]:
    """Without the blanks that every row begins with."""
    depth = min((indent(row) for row in rows if row.strip()), default=0)
    return tuple(row[depth:] for row in rows)


def wraps(previous: str, following: str, room: int) -> bool:
    """Whether a row may be the rest of the one above: its first word had no place there."""
    word = following.split(" ", 1)[0]
    return bool(previous and word) and cells(previous) + 1 + cells(word) > room


def rejoin(rows: Sequence[str], room: int) -> str:
    """Rows as the lines they were before wrapping, as far as that can be told.

    A screen does not say which line ends are the text's own. A row that could not have held the
    next one's first word counts as wrapped; a word too long for any row counts as cut.
    """
    if not rows:
        return ""
    text = rows[0]
    for previous, following in pairwise(rows):
        text += _seam(previous, following, room) + following
    return text


def uncut(rows: Sequence[str], columns: int) -> str:
    """Rows as the lines they were before a terminal of that width cut them where they were full.

    A blank in its last column is not shown by tmux, and a wide character goes below whole."""
    if not rows:
        return ""
    text = rows[0]
    for previous, following in pairwise(rows):
        space = columns - cells(previous)
        is_cut = space <= 0 or (space == 1 and cells(following[:1]) > 1)
        text += ("" if is_cut else " " if space == 1 else "\n") + following
    return text


def _seam(previous: str, following: str, room: int) -> str:
    if not wraps(previous, following, room):
        return "\n"
    last = previous.rsplit(" ", 1)[-1]
    first = following.split(" ", 1)[0]
    is_full = cells(previous) >= room - 1
    return "" if is_full and cells(last) + cells(first) > room else " "
