"""What a tool is called with: OpenCode (1.18.33) says it above its dialog, not in it.

The dialog for a tool of an MCP server names the tool alone. The line of the call stands in the
transcript, and is in the colour of the dialog's own mark as long as that call waits: other calls
of the same tool, done or still to come, are in another. Only words, numbers and yes or no stand
there; what is nested deeper OpenCode shows nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.barred import joined
from bot.core.colours import Colour
from bot.core.grounds import inks
from bot.core.layout import cells

_MARK = "⚙ "
_COLUMN = 5
_DEEPER = " " * (_COLUMN + len(_MARK))


def called(
    rows: Sequence[str], ansi: Sequence[str] | None, end: int, asks: int, tool: str
) -> str | None:
    """The call of ``tool`` that waits, in one line: above row ``end`` of the screen, in the
    colour of the first character of row ``asks``. None when it is not in sight, or not the only
    one. Without colours it is the lowest: then the dialog is looked at once more anyway."""
    starts = [at for at in range(end) if _calls(rows[at], tool)]
    if ansi is not None:
        inked = inks(ansi)
        mark = _ink(inked, asks, len(rows[asks]) - len(rows[asks].lstrip(" ┃")))
        starts = [at for at in starts if mark is not None and _ink(inked, at, _COLUMN) == mark]
        if len(starts) != 1:
            return None
    if not starts:
        return None
    at = starts[-1] + 1
    while at < end and rows[at].startswith(_DEEPER) and rows[at].strip():
        at += 1
    lines = [row[len(_DEEPER) :] for row in rows[starts[-1] : at]]
    room = max(map(cells, rows), default=0) - len(_DEEPER)
    whole = joined(lines, room)
    return whole if whole == tool or re.fullmatch(r"\S+ \[.*\]", whole, re.DOTALL) else None


def _ink(inked: Sequence[Sequence[Colour]], row: int, column: int) -> Colour | None:
    there = inked[row] if row < len(inked) else ()
    return there[column] if column < len(there) else None


def _calls(row: str, tool: str) -> bool:
    line = " " * _COLUMN + _MARK + tool
    return row == line or row.startswith(f"{line} [")
