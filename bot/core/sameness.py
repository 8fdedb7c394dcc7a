"""Whether two renditions of a text are the same text, perhaps wrapped at another width.

A blank more or less is another command (``rm -rf / tmp``), and so is a line end (it ends a
comment). Wrapping may change both, but only in a pane of another width, and only where a row is
so full that the next word had no place in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from bot.core.layout import cells

MARGIN = 12
"""Columns that a dialog's own frame and indent may take from the pane's width."""

_FRAME = frozenset("─━╌╍┄┅┈┉═▔▁")


class _Gap(Enum):
    NOTHING = auto()
    BLANK = auto()
    LINE_END = auto()
    WRAP = auto()
    """A line end that wrapping may have made: the text may have a blank or nothing there."""


def same_text(before: str, after: str, widths: tuple[int, int]) -> bool:
    """``widths``: of the panes they were read from, 0 when not known."""
    if 0 in widths or widths[0] == widths[1]:
        return _lines(before) == _lines(after)
    (one, gaps), (other, other_gaps) = (
        _taken_apart(_lines(text), width)
        for text, width in zip((before, after), widths, strict=True)
    )
    pairs = zip(gaps, other_gaps, strict=False)
    return one == other and all(a is b or _Gap.WRAP in (a, b) for a, b in pairs)


def _lines(text: str) -> list[str]:
    """Only blanks of the keyboard fold: a no-break space is part of a word to a shell."""
    lines = (line.replace("\t", " ").split(" ") for line in text.split("\n"))
    return [line for words in lines if (line := " ".join(word for word in words if word))]


def _taken_apart(lines: Sequence[str], width: int) -> tuple[str, list[_Gap]]:
    """The characters that are no blanks, and what stands before each of them."""
    chars: list[str] = []
    gaps: list[_Gap] = []
    previous = ""
    for line in lines:
        if set(line) <= _FRAME:
            continue
        gap = _end_of(previous, line, width)
        for char in line:
            if char == " ":
                gap = _Gap.BLANK
                continue
            chars.append(char)
            gaps.append(gap)
            gap = _Gap.NOTHING
        previous = line
    return "".join(chars), gaps


def _end_of(previous: str, line: str, width: int) -> _Gap:
    if not previous:
        return _Gap.LINE_END
    word = line.split(" ", 1)[0]
    is_full = cells(previous) + 1 + cells(word) > width - MARGIN
    return _Gap.WRAP if is_full else _Gap.LINE_END
