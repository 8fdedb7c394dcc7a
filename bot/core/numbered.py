"""A list of numbered rows with a caret before one of them, at a column of its own.

A row with the caret and one without it, two columns deeper, are one list. A description stands
behind its label, apart by two blanks or more, or on the rows below, deeper than the label."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.core.layout import indent, rejoin
from bot.core.prompts import Choice, Role

_NUMBER = re.compile(r"(?P<number>\d{1,2})\. +(?:\[(?P<tick>[ xX✓])\] )?(?P<label>\S.*)")
_COLUMNS = re.compile(r"(?P<label>\S.*?) {2,}(?P<detail>\S.*)")


@dataclass(slots=True)
class Row:
    """One row as it is drawn."""

    number: int
    lines: list[str]
    marked: bool
    checked: bool | None
    depth: int
    """The column of its label."""
    aside: int
    """The column of its description; 0 when none stands behind the label."""
    details: list[str]
    rows: list[int]


@dataclass(slots=True)
class Numbered:
    column: int
    first: int
    end: int
    items: list[Row] = field(default_factory=list)

    @property
    def marked(self) -> Row | None:
        found = [row for row in self.items if row.marked]
        return found[0] if len(found) == 1 else None

    def choices(
        self, room: int, role_of: Callable[[Row, str], Role | None]
    ) -> tuple[Choice, ...] | None:
        """None when the numbers have a gap, no row is marked, or the meaning of a row is not
        known: then the dialog cannot be answered."""
        if [row.number for row in self.items] != list(range(1, len(self.items) + 1)):
            return None
        made: list[Choice] = []
        for row in self.items:
            label = " ".join(rejoin(row.lines, room - row.depth).split("\n"))
            role = role_of(row, label)
            if role is None:
                return None
            detail = " ".join(rejoin(row.details, room - (row.aside or row.depth)).split("\n"))
            made.append(
                Choice(
                    row.number,
                    label,
                    role,
                    selected=row.marked,
                    checked=row.checked,
                    detail=detail,
                    rows=tuple(row.rows),
                )
            )
        return tuple(made) if self.marked is not None else None


def lowest_list(
    rows: Sequence[str], caret: str, columns: Sequence[int], *, described: bool = False
) -> Numbered | None:
    """The list around the lowest row that has the caret. ``described``: rows deeper than a label
    are its description, not its rest."""
    for at in range(len(rows) - 1, -1, -1):
        column = indent(rows[at])
        if column in columns and _number_at(rows[at], column, caret) is not None:
            return _around(rows, at, column, caret, described=described)
    return None


def _number_at(row: str, column: int, caret: str) -> re.Match[str] | None:
    mark = row[column : column + 2]
    if row[:column].strip() or mark not in (f"{caret} ", "  "):
        return None
    return _NUMBER.fullmatch(row[column + 2 :].rstrip())


def _around(rows: Sequence[str], at: int, column: int, caret: str, *, described: bool) -> Numbered:
    first = at
    number = _number(rows[at], column, caret)
    above = at - 1
    while number > 1 and above >= 0 and _belongs(rows[above], column, caret):
        if _number(rows[above], column, caret) == number - 1:
            first, number = above, number - 1
        above -= 1
    end = at + 1
    while end < len(rows) and _belongs(rows[end], column, caret):
        end += 1
    found = Numbered(column, first, end)
    for place in range(first, end):
        _take(found, rows[place], place, caret, described=described)
    return found


def _number(row: str, column: int, caret: str) -> int:
    found = _number_at(row, column, caret)
    return int(found.group("number")) if found else 0


def _belongs(row: str, column: int, caret: str) -> bool:
    """A row of the list, or one that goes on deeper than its numbers."""
    return bool(row.strip()) and (
        _number_at(row, column, caret) is not None or indent(row) >= column + 5
    )


def _take(found: Numbered, row: str, at: int, caret: str, *, described: bool) -> None:
    match = _number_at(row, found.column, caret)
    if match is None:
        last = found.items[-1]
        last.rows.append(at)
        deeper = described or (last.aside and indent(row) >= last.aside)
        (last.details if deeper else last.lines).append(row.strip(" "))
        return
    apart = _COLUMNS.fullmatch(match.group("label"))
    offset = found.column + 2
    tick = match.group("tick")
    found.items.append(
        Row(
            number=int(match.group("number")),
            lines=[apart.group("label") if apart else match.group("label")],
            marked=row[found.column] == caret,
            checked=None if tick is None else tick != " ",
            depth=offset + match.start("label"),
            aside=offset + match.start("label") + apart.start("detail") if apart else 0,
            details=[apart.group("detail")] if apart else [],
            rows=[at],
        )
    )
