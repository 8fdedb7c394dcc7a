"""The input box of an agent that draws one between two rules at the bottom of its screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.layout import RULE_MIN, is_rule
from bot.core.sgr import faint_cells

NBSP = "\u00a0"
ROWS_BELOW = 16
"""More rows than a mode line, a status line and a list of shortcuts take under the box."""


@dataclass(frozen=True, slots=True)
class Box:
    top: int
    """The row of the upper rule."""
    bottom: int
    """The row of the lower rule."""
    caret: str
    text: str
    below: tuple[str, ...]


def find_box(rows: Sequence[str], carets: str) -> Box | None:
    """The input box, when it is the last thing on the screen but for indented hints."""
    bottom = _lower_rule(rows)
    if bottom is None:
        return None
    for top in range(bottom - 2, -1, -1):
        first = rows[top + 1]
        if _is_edge(rows[top]):
            if not _is_first_line(first, carets):
                return None
            lines = [first[1:].lstrip(" " + NBSP), *(line[2:] for line in rows[top + 2 : bottom])]
            return Box(top, bottom, first[0], "\n".join(lines).strip(), tuple(rows[bottom + 1 :]))
        if first[:1] not in ("", " "):
            return None
    return None


def _lower_rule(rows: Sequence[str]) -> int | None:
    for at in range(len(rows) - 1, max(-1, len(rows) - 2 - ROWS_BELOW), -1):
        if is_rule(rows[at]):
            return at
        if rows[at][:1] not in ("", " "):
            return None
    return None


def _is_edge(row: str) -> bool:
    """A rule, perhaps with a session's name in it."""
    return row.startswith("─" * (RULE_MIN // 2)) and row.endswith("─")


def without_edge(rows: Sequence[str]) -> Sequence[str]:
    """The rows without the edge of an input box that a dialog has covered otherwise: after a
    plan was accepted, Claude Code 2.1.329 draws it below each dialog, the session's name in it."""
    if not rows or is_rule(rows[-1]) or not _is_edge(rows[-1]):
        return rows
    end = len(rows) - 1
    while end and not rows[end - 1].strip():
        end -= 1
    return rows[:end]


def _is_first_line(row: str, carets: str) -> bool:
    return row[:1] != "" and row[0] in carets and row[1:2] in ("", " ", NBSP)


def is_hint(box: Box, ansi: Sequence[str] | None, known: re.Pattern[str]) -> bool:
    """Whether the text in the box is the agent's own: faint, or without colours a known one."""
    if ansi is None or box.top + 1 >= len(ansi):
        return known.fullmatch(box.text) is not None
    # the cursor's own cell is reversed, not faint
    shown = [cell for cell in faint_cells(ansi[box.top + 1])[1:] if cell[0].strip(" " + NBSP)]
    return any(faint for _, faint, _ in shown) and all(
        faint or reverse for _, faint, reverse in shown
    )
