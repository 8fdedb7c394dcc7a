"""Signals that an agent puts into what it says: ``:::DONE:tests pass:::``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.layout import rejoin, uncut
from bot.core.speech import Passage


class SignalKind(StrEnum):
    DONE = "DONE"
    HELP = "HELP"
    ERROR = "ERROR"
    BLOCKED = "BLOCKED"
    PROGRESS = "PROGRESS"


@dataclass(frozen=True, slots=True)
class Signal:
    """Advisory only: it is shown as quoted agent text and never causes a key press."""

    kind: SignalKind
    text: str = ""
    tag: str = field(default="", compare=False)
    """The session's own mark, if the agent put it there: ``:::DONE#k3f:…:::``."""
    asked: str = field(default="", compare=False)
    """The beginning of the person's words that it stands under; empty when not in sight."""
    earlier: bool = field(default=False, compare=False)
    """Later words of a person stand below it."""
    row: int = field(default=-1, compare=False)
    """Of the screen it was read from, on which it begins; -1: not known."""


CONTINUED = 8
"""Rows that a signal may go on for after its first one."""

TAG = r"[a-z0-9]{2,8}"
_HEAD = rf":::(?P<kind>DONE|HELP|ERROR|BLOCKED|PROGRESS)(?:#(?P<tag>{TAG}))?"
_START = re.compile(rf"{_HEAD}(?=:)")
_WHOLE = re.compile(rf"{_HEAD}(?:::(?P<none>:)|:(?P<text>(?!::).*?):::)(?!:)", re.DOTALL)
# Before a signal inside a line: the end of a sentence, or a glyph. "I will print" is a mention.
_BEFORE = re.compile(r"[^\w\s,'\"`(]$")
# What the protocol's own description has in the place of a payload.
_PLACEHOLDER = re.compile(
    r"(?:(?:a|the|your|short|brief|one-line) )*"
    r"(?:summary|question|message|reason|text|percent|n|x)"
    r"|[<{\[(].*[>}\])]|\.{3}|…"
)


def holds_signals(rows: Iterable[str]) -> bool:
    """Whether it is worth while to look for any: a spinner redraws its screen nine times a
    second."""
    return any(":::" in row for row in rows)


def find_signals(
    passages: Iterable[Passage], *, line_start: bool = False, apart: int = 0
) -> tuple[Signal, ...]:
    """The signals in what an agent says, each once in a turn, in order.

    ``line_start``: only those with which a line begins, as in a plain shell's output. ``apart``:
    with more rows than that between them the same words in one turn are two signals."""
    found: list[Signal] = []
    last: dict[tuple[Signal, int], int] = {}
    for passage in passages:
        signals = list(_in_passage(passage, line_start=line_start))
        explained = any(_is_placeholder(signal) for signal in signals)
        for signal in signals:
            # beside placeholders, what could be either is the protocol's own example
            example = explained and signal.text in ("", "50")
            if example or _is_placeholder(signal):
                continue
            before = last.get((signal, passage.turn))
            last[signal, passage.turn] = signal.row
            if before is None or (apart and signal.row - before > apart):
                found.append(replace(signal, asked=passage.asked, earlier=passage.earlier))
    return tuple(found)


def _is_placeholder(signal: Signal) -> bool:
    return _PLACEHOLDER.fullmatch(signal.text.lower()) is not None


def _in_passage(passage: Passage, *, line_start: bool) -> Iterator[Signal]:
    rows = passage.rows
    at = 0
    while at < len(rows):
        used = 1
        for start in _START.finditer(rows[at]):
            before = rows[at][: start.start()].rstrip()
            if before and (line_start or not _BEFORE.search(before)):
                continue
            signal, used = _read(rows[at : at + 1 + CONTINUED], start.start(), passage)
            if signal is not None:
                yield signal if passage.start < 0 else replace(signal, row=passage.start + at)
        at += used


def _read(rows: Sequence[str], column: int, where: Passage) -> tuple[Signal | None, int]:
    """The signal that begins there, and how many rows it takes."""
    for used in range(1, len(rows) + 1):
        row = rows[used - 1].strip()
        if not row or (used > 1 and _START.match(row)):
            break
        whole = _WHOLE.match(_joined(rows[:used], column, where))
        if whole:
            payload = " ".join((whole.group("text") or "").split())
            tag = whole.group("tag") or ""
            return Signal(SignalKind(whole.group("kind")), payload, tag), used
    return None, 1


def _joined(rows: Sequence[str], column: int, where: Passage) -> str:
    """Cut inside a word, the pieces belong together; else a blank was lost at the line's end."""
    if where.columns:
        return uncut(rows, where.columns)[column:]
    first, *others = rows
    lines = [first[column:], *(row.strip() for row in others)]
    return rejoin(lines, where.width - column if not others else where.width)
