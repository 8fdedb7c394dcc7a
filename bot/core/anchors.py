"""Where one left off reading a pane, to be found again after a gap.

tmux wraps lines anew when a pane gets another width, and drops the oldest ones; what stays is the
text. So a place is known by the text before it, blanks left out, and only a digest of that is
kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate

from bot.core.hearing import plain_key
from bot.core.layout import cells
from bot.core.screen import Screen
from bot.core.signals import CONTINUED, Signal

BEFORE = 400
"""Characters before a place that it is known by."""
CLOSE_ENOUGH = 40
"""With fewer a place is believed only where it was before."""
PLACES = 4
"""What stands at the bottom is often drawn anew: places further up are kept as well."""

_BEGINS = re.compile(r":::[A-Z]{4,8}[:#]")


@dataclass(frozen=True, slots=True)
class Place:
    """The end of a line."""

    digest: str
    length: int
    """Characters that the digest is of."""
    line: int
    """Counted from the top of the history; another one at another width."""
    whole: bool = False
    """The digest is of all there was, from the top of the history on."""
    below: tuple[str, ...] = ()
    """The signals that stood below it already, as far as a person was or need not be told."""


@dataclass(frozen=True, slots=True)
class Anchor:
    width: int = 0
    places: tuple[Place, ...] = ()
    """Lowest first."""


NOWHERE = Anchor()


@dataclass(frozen=True, slots=True)
class Found:
    row: int
    """The last one that was read before; -1: none was."""
    below: tuple[str, ...]


class _Text:
    """Rows without their blanks, and how far each goes."""

    def __init__(self, rows: Sequence[str]) -> None:
        pieces = ["".join(row.split()) for row in rows]
        self.text = "".join(pieces)
        self.ends = list(accumulate(map(len, pieces)))

    def before(self, row: int, length: int) -> str | None:
        end = self.ends[row] if row >= 0 else 0
        return _digest(self.text[end - length : end]) if end >= length else None


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def anchor_of(screen: Screen, signals: Sequence[Signal]) -> Anchor | None:
    """Of a screen that was read; None where nothing that scrolls is in sight."""
    facts, rows = screen.pane, screen.rows
    if facts.alternate or not facts.width:
        return None
    text, top = _Text(rows), facts.history - (len(rows) - facts.height)
    ends = list(_line_ends(rows, facts.width, facts.cursor_y + len(rows) - facts.height))
    step = max(1, len(ends) // PLACES)
    chosen = ends[::-1][::step][:PLACES] or [-1]
    return Anchor(facts.width, tuple(_place(row, text, top, signals) for row in chosen))


def _place(row: int, text: _Text, top: int, signals: Sequence[Signal]) -> Place:
    end = text.ends[row] if row >= 0 else 0
    length = min(end, BEFORE)
    below = tuple(plain_key(signal) for signal in signals if signal.row > row)
    digest = text.before(row, length) or ""
    return Place(digest, length, top + row, top == 0 and length == end, below)


def _line_ends(rows: Sequence[str], width: int, cursor: int) -> Iterator[int]:
    """Above the cursor's line, which is not at its end yet, and not within a signal."""
    for at, row in enumerate(rows[: max(0, cursor)]):
        if row and cells(row) < width and not _is_within_signal(rows, at):
            yield at


def _is_within_signal(rows: Sequence[str], at: int) -> bool:
    text = "\n".join(rows[max(0, at - CONTINUED) : at + 1])
    begun = list(_BEGINS.finditer(text))
    return bool(begun) and ":::" not in text[begun[-1].end() - 1 :]


def find(anchor: Anchor, screen: Screen) -> Found | None:
    """In a screen with as much history as was asked for."""
    facts, text = screen.pane, _Text(screen.rows)
    top = facts.history - (len(screen.rows) - facts.height)
    for place in anchor.places:
        row = _row_of(place, text, top, same_width=facts.width == anchor.width)
        if row is not None:
            return Found(row, place.below)
    return None


def _row_of(place: Place, text: _Text, top: int, *, same_width: bool) -> int | None:
    here = place.line - top
    if same_width and -1 <= here < len(text.ends) and _stands(place, text, here):
        return here
    if place.whole and top == 0:
        first = next((n for n, end in enumerate(text.ends) if end >= place.length), -1)
        row = first if place.length else -1
        if _stands(place, text, row):
            return row
    if place.length < CLOSE_ENOUGH:
        return None
    rows = range(len(text.ends) - 1, -1, -1)
    return next((row for row in rows if _stands(place, text, row)), None)


def _stands(place: Place, text: _Text, row: int) -> bool:
    return text.before(row, place.length) == place.digest


def since(signals: Sequence[Signal], found: Found) -> tuple[Signal, ...]:
    """Those that came after the place was kept."""
    known = list(found.below)
    fresh = []
    for signal in signals:
        if signal.row <= found.row:
            continue
        if plain_key(signal) in known:
            known.remove(plain_key(signal))
        else:
            fresh.append(signal)
    return tuple(fresh)
