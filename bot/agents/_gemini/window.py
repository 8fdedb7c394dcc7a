"""Gemini CLI's lists of more rows than it shows (0.61.0): three at a time, however high the pane
is, with ▲ above and ▼ below; the arrow keys move that window along.

All rows but “Done” have numbers. The last of them takes words of one's own, and is open as soon as
the caret is on it; where several answers may be ticked the row above it ticks them all. Neither
its session file nor its hooks tell what is asked before that is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.labels import plain
from bot.core.prompts import Choice, Prompt, Role

ASKS_SEVERAL = "(Select all that apply)"
_ROW = re.compile(
    r"(?P<caret>[● ]) {1,2}(?P<number>\d{1,2})\. +(?:\[(?P<tick>[ x])\] )?(?P<label>\S.*)"
)
_DONE = re.compile(r"(?P<caret>[● ]) {2,}Done")
_DETAIL = re.compile(r" {3,}(\S.*)")
_OWN, _ALL = "enter a custom value", "all of the above"
_ALL_DETAIL = "Select all options"


def window(
    base: Prompt, rows: Sequence[str], first: int, *, several: bool, writes: bool
) -> Prompt | None:
    """``rows``: of the box, of which the first stands at row ``first`` of the screen. ``writes``:
    the caret is on the row for own words, and Enter would send them."""
    top = next((at for at, row in enumerate(rows) if row.strip() == "▲"), None)
    end = next((at for at, row in enumerate(rows) if row.strip() == "▼"), None)
    if top is None or end is None:
        return None
    found: list[Choice] = []
    for at in range(top + 1, end):
        row = rows[at].rstrip()
        if taken := _ROW.fullmatch(row):
            if several != (taken["tick"] is not None):
                return None
            found.append(_row(taken, first + at))
        elif (done := _DONE.fullmatch(row)) and several:
            marked = done["caret"] == "●"
            found.append(Choice(0, "Done", Role.SUBMIT, marked, rows=(first + at,)))
        elif found and _DETAIL.fullmatch(row):
            last = found[-1]
            detail = f"{last.detail} {row.strip()}".strip()
            found[-1] = replace(last, detail=detail, rows=(*last.rows, first + at))
        elif row:
            return None
    return _understood(base, found, several=several, writes=writes)


def _row(taken: re.Match[str], row: int) -> Choice:
    tick = taken["tick"]
    return Choice(
        int(taken["number"]),
        taken["label"],
        Role.ANSWER,
        taken["caret"] == "●",
        None if tick is None else tick == "x",
        rows=(row,),
    )


def _understood(
    base: Prompt, found: Sequence[Choice], *, several: bool, writes: bool
) -> Prompt | None:
    rows = [row for row in found if row.role is not Role.SUBMIT]
    numbers = [row.n for row in rows]
    # of a single row nobody could tell whether it is the one that takes words
    if not rows or len(found) < 2 or numbers != list(range(numbers[0], numbers[0] + len(rows))):
        return None
    if sum(row.selected for row in found) != 1:
        return None
    submit = [replace(found[-1], n=numbers[-1] + 1)] if found[-1] is not rows[-1] else []
    if several and not submit:
        submit = [Choice(0, "Done", Role.SUBMIT)]
    rows = _with_roles(rows, several=several, ends=bool(submit and submit[0].n), writes=writes)
    caret = next((row for row in rows if row.selected), None)
    # the hint at the foot follows the caret a moment later: on another row nobody writes
    typing = writes and caret is not None and caret.role is Role.OTHER
    return replace(base, choices=(*rows, *submit), scrolls=True, typing=typing)


def _with_roles(rows: list[Choice], *, several: bool, ends: bool, writes: bool) -> list[Choice]:
    """``ends``: the last of them is the last that has a number."""
    every = next((at for at, row in enumerate(rows) if several and _ticks_all(row)), None)
    if every is not None:
        rows[every] = replace(rows[every], role=Role.ALL, checked=None)
    last = rows[-1]
    is_own = plain(last.label) == _OWN or ends or every == len(rows) - 2
    if is_own or (writes and last.selected and last.role is Role.ANSWER):
        ticked = True if last.checked else None
        rows[-1] = replace(last, role=Role.OTHER, checked=ticked)
    return rows


def _ticks_all(row: Choice) -> bool:
    return plain(row.label) == _ALL and row.detail == _ALL_DETAIL
