"""Gemini CLI's questions with several answers (0.61.0): boxes, and “Done” as the last row.

However high the pane is, it shows three rows of the list at a time, with ▲ above and ▼ below;
the arrow keys move that window along. What has not been in sight cannot be chosen from afar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.labels import plain
from bot.core.prompts import Choice, Prompt, Role

ASKS_SEVERAL = "(Select all that apply)"
_BOX = re.compile(r"(?P<caret>[● ]) (?P<number>\d{1,2})\. +\[(?P<tick>[ x])\] (?P<label>\S.*)")
_DONE = re.compile(r"(?P<caret>[● ]) {2,}Done")
_DETAIL = re.compile(r" {3,}(\S.*)")
_OWN, _ALL = "enter a custom value", "all of the above"
_BELOW = "what stands further down the list is for the terminal"


def several(base: Prompt, rows: Sequence[str], first: int, *, writes: bool) -> Prompt | None:
    """``rows``: of the box, of which the first stands at row ``first`` of the screen. ``writes``:
    the caret is on the row for own words, and Enter would send them."""
    top = next((at for at, row in enumerate(rows) if row.strip() == "▲"), None)
    end = next((at for at, row in enumerate(rows) if row.strip() == "▼"), None)
    if top is None or end is None:
        return None
    found: list[Choice] = []
    for at in range(top + 1, end):
        row = rows[at]
        if taken := _BOX.fullmatch(row.rstrip()):
            found.append(_box(taken, first + at, writes=writes))
        elif done := _DONE.fullmatch(row.rstrip()):
            number = found[-1].n + 1 if found else 1
            marked = done["caret"] == "●"
            found.append(Choice(number, "Done", Role.SUBMIT, marked, rows=(first + at,)))
        elif found and _DETAIL.fullmatch(row):
            last = found[-1]
            detail = f"{last.detail} {row.strip()}".strip()
            found[-1] = replace(last, detail=detail, rows=(*last.rows, first + at))
        elif row.strip():
            return None
    numbers = [choice.n for choice in found]
    if not found or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    if sum(choice.selected for choice in found) != 1:
        return None
    if found[-1].role is not Role.SUBMIT:
        found.append(Choice(numbers[-1] + 1, "Done", Role.SUBMIT, detail=_BELOW))
    caret = next(choice for choice in found if choice.selected)
    # the hint at the foot follows the caret a moment later: on Done nobody writes
    typing = writes and caret.role is Role.BACK and plain(caret.label) not in (_ALL, _OWN)
    return replace(base, choices=tuple(found), scrolls=True, typing=typing)


def _box(taken: re.Match[str], row: int, *, writes: bool) -> Choice:
    """The row that ticks all others and the one for own words are passed over, never taken.
    ``writes``: the marked row is a field, whatever stands in it."""
    label, marked = taken["label"], taken["caret"] == "●"
    if plain(label) in (_ALL, _OWN) or (writes and marked):
        return Choice(int(taken["number"]), label, Role.BACK, marked, rows=(row,))
    ticked = taken["tick"] == "x"
    return Choice(int(taken["number"]), label, Role.ANSWER, marked, ticked, rows=(row,))
