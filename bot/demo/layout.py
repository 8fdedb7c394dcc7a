"""Rows of styled text: wrapping, rules and clipping, as the real agent does them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

Row = tuple[tuple[str, str], ...]
"""Segments of (SGR parameters, text); together they are one row of the screen."""

PLAIN, BOLD, DIM, ACCENT, RULE, WARNING = "", "1", "38;5;246", "38;5;153", "38;5;239", "38;5;220"
REMOVED, ADDED, BOX, USER = "38;5;167;48;5;52", "38;5;77;48;5;22", "38;5;244", "38;5;231;48;5;237"
BLANK: Row = ()
MARKER = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"


def row(text: str, style: str = PLAIN) -> Row:
    return ((style, text),)


def width_of(text: str) -> int:
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def row_text(line: Row) -> str:
    return "".join(text for _, text in line)


def wrap(text: str, width: int) -> list[str]:
    """Words move to the next line; a longer word is cut. Blanks at the start stay."""
    width = max(width, 1)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, width)
    return lines


def _wrap_paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    while width_of(text) > width:
        fit = _fitting(text, width)
        cut = text.rfind(" ", len(text) - len(text.lstrip(" ")), fit + 1)
        if cut <= 0:
            lines.append(text[:fit])
            text = text[fit:]
        else:
            lines.append(text[:cut].rstrip())
            text = text[cut + 1 :]
    return [*lines, text]


def _fitting(text: str, width: int) -> int:
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return max(index, 1)
    return len(text)


def truncate(text: str, width: int) -> str:
    if width_of(text) <= width:
        return text
    return text[: _fitting(text, width - 1)] + "…"


def rule(width: int, glyph: str = "─", style: str = ACCENT) -> Row:
    return row(glyph * width, style)


def paragraph(text: str, width: int, style: str = PLAIN, indent: int = 1) -> list[Row]:
    """Text with a margin left and one free column right."""
    margin = " " * indent
    return [row(margin + line, style) for line in wrap(text, width - indent - 1)]


def clip(body: Sequence[Row], tail: Sequence[Row], height: int) -> list[Row]:
    """A dialog taller than the pane loses its top, and says so above its last lines (``tail``)."""
    rows = [*body, *tail]
    if len(rows) <= height:
        return rows
    kept = list(body)
    if kept and kept[-1] == BLANK:
        kept.pop()
    room = max(height - len(tail) - 1, 1)
    hidden = len(kept) - room
    return [*kept[-room:], row(f" ↑ {hidden} more lines", DIM), *tail]


def paint(line: Row) -> str:
    """The row with its SGR codes."""
    return "".join(f"\x1b[{style}m{text}\x1b[0m" if style else text for style, text in line)
