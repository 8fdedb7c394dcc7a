"""Which rows of a transcript are an agent's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.layout import cells

_NUMBERED_LINE = re.compile(r" *\d+ ?[+-]? ")


@dataclass(frozen=True, slots=True)
class Marks:
    """The glyphs at the left edge, by what the rows that they begin are."""

    says: str
    notes: str
    """Results and notices, indented under what they belong to."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Rows said in one go, without bullet and indent."""

    rows: tuple[str, ...]
    width: int
    """Columns that a row has room for, as far as the screen tells."""


def spoken(rows: Sequence[str], marks: Marks) -> Iterator[Passage]:
    """What an agent says: under a bullet, at the indent of its text, until the next mark.

    At the top of a screen, where the bullet may have scrolled away, that indent is taken as its
    words."""
    width = max(map(cells, rows), default=0)
    block: list[str] = []
    speaking = True
    for row in rows:
        if row[:1] in ("", " "):
            text = row[2:]
            if row.lstrip(" ")[:1] in marks.notes and row.strip():
                speaking = False
            own = row.startswith("  ") and speaking and not _NUMBERED_LINE.match(text)
            block.append(text if own else "")
        else:
            yield from _passage(block, width)
            speaking = row[0] in marks.says
            block = [row[2:] if speaking else ""]
    yield from _passage(block, width)


def printed(rows: Sequence[str]) -> Iterator[Passage]:
    """Lines at the left edge that begin with a signal, with what follows up to the next gap.

    An agent without its screen (``claude -p``) prints as any program does; with its screen it
    indents whatever it says."""
    width = max(map(cells, rows), default=0)
    block: list[str] = []
    for row in (*rows, ""):
        if row and (block or row.startswith(":::")):
            block.append(row)
        elif block:
            yield Passage(tuple(block), width)
            block = []


def _passage(block: Sequence[str], width: int) -> Iterator[Passage]:
    if any(block):
        yield Passage(tuple(block), width - 2)
