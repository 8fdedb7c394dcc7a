"""Which rows of a transcript are an agent's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.layout import cells

_NUMBERED_LINE = re.compile(r" *\d+ ?[+-]? ")
_CALL = re.compile(r"[A-Z]\w*\(")

ASKED = 24
"""Characters: agents' screens are at least 40 columns wide."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The glyphs at the left edge, by what the rows that they begin are."""

    says: str
    notes: str
    """Results and notices, indented under what they belong to."""
    asks: str = ""
    """A person's words."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Rows said in one go, without bullet and indent."""

    rows: tuple[str, ...]
    width: int
    """Columns that a row has room for, as far as the screen tells."""
    asked: str = ""
    """The beginning of the person's words above it, without blanks; empty when not in sight."""
    turn: int = 0
    """How often a person has spoken above it."""
    earlier: bool = False
    """A person's words stand below it."""
    columns: int = 0
    """Of a terminal, which cuts a line wherever it is full; 0: an agent has wrapped it."""
    start: int = -1
    """Of which row of the screen its first one is; -1: not known."""


def spoken(rows: Sequence[str], marks: Marks) -> Iterator[Passage]:
    """What an agent says: under a bullet, at the indent of its text, until the next mark.

    At the top of a screen, where the bullet may have scrolled away, that indent is taken as its
    words."""
    width = max(map(cells, rows), default=0) - 2
    turns = sum(_asks(row, marks) for row in rows)
    block: list[str] = []
    speaking, asked, turn = True, "", 0
    for at, row in enumerate(rows):
        if row[:1] in ("", " "):
            text = row[2:]
            if row.lstrip(" ")[:1] in marks.notes and row.strip():
                speaking = False
            own = row.startswith("  ") and speaking and not _NUMBERED_LINE.match(text)
            block.append(text if own else "")
        else:
            start = at - len(block)
            yield from _passages(block, Passage((), width, asked, turn, turn < turns, 0, start))
            if _asks(row, marks):
                asked, turn = beginning(row[1:]), turn + 1
            speaking = row[0] in marks.says
            block = [row[2:] if speaking else ""]
    start = len(rows) - len(block)
    yield from _passages(block, Passage((), width, asked, turn, start=start))


def beginning(words: str) -> str:
    """Of what a person said, as much as any screen shows of it on one line."""
    return "".join(words.split())[:ASKED]


def _asks(row: str, marks: Marks) -> bool:
    return bool(row) and row[0] in marks.asks and bool(row[1:].strip())


def printed(rows: Sequence[str], columns: int = 0) -> Iterator[Passage]:
    """Lines at the left edge that begin with a signal, with what follows up to the next gap.

    An agent without its screen (``claude -p``) prints as any program does; with its screen it
    indents whatever it says."""
    width = max(map(cells, rows), default=0)
    block: list[str] = []
    for at, row in enumerate((*rows, "")):
        if row and (block or row.startswith(":::")):
            block.append(row)
        elif block:
            yield Passage(tuple(block), width, columns=columns, start=at - len(block))
            block = []


def _passages(block: Sequence[str], where: Passage) -> Iterator[Passage]:
    said = _without_call(block)
    if any(said):
        start = where.start + len(block) - len(said)
        yield replace(where, rows=tuple(said), start=start)


def _without_call(block: Sequence[str]) -> Sequence[str]:
    """A tool's call is not said, wherever its arguments are wrapped: ``Bash(echo …)``."""
    if not block or not _CALL.match(block[0]):
        return block
    for at, row in enumerate(block):
        if row.endswith(")"):
            return block[at + 1 :]
        if not row:
            break
    return block if ")" in block[0] else ()
