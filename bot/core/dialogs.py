"""Dialogs drawn as rows of text: the options around a caret, and the footer under them.

Everything is measured from the caret's own column. What an agent or a tool prints stands
elsewhere (deeper, behind a bar, or above a box that is still open), so it cannot pose as a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.core.layout import cells, indent, is_rule, rejoin, rule_width, wraps
from bot.core.prompts import Choice, Role
from bot.core.sgr import starts_grey

CARET_DEPTH = 6
"""No dialog seen has its caret further to the right."""

CARET = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"

_CARET = re.compile(rf" {{0,{CARET_DEPTH}}}{CARET}(?: |$)")
_NUMBERED = re.compile(rf"(?P<mark>[{CARET}↓↑ ]) (?P<number>\d{{1,2}})\. ?(?P<label>.*)")
_UNNUMBERED = re.compile(rf"(?P<mark>[{CARET}↓↑ ]) (?P<pad> *)(?P<label>\S.*)")
_CHECK_BOX = re.compile(r"\[(?P<tick>[ ✔✓xX])\] ?(?P<label>.*)")
_MORE = re.compile(r" *[↑↓] \d+ more(?: lines?| below| above)?$")
_SIDE_BOX = re.compile(r"(?:^|  )[┌│└╭╰].*|^ {20}.*")
_SIDE_CORNER = re.compile(r"  [┌╭]")
_MARKED = re.compile(rf"[{CARET}↓↑] ")
_TICKS = "✔✓xX"
_SIDE = 20
"""What stands this far to the right belongs to a box beside the options."""


@dataclass(slots=True)
class Option:
    """One row of a dialog as it is drawn."""

    number: int | None
    lines: list[str]
    marked: bool
    checked: bool | None
    rows: list[int]
    depth: int
    """The column in which its label starts."""
    details: list[str] = field(default_factory=list)
    apart: bool = False
    """Under the rule that ends the list."""
    arrow: bool = False
    """More options are out of sight beyond this one."""

    def label(self, room: int) -> str:
        return " ".join(rejoin(self.lines, room - self.depth).split("\n"))

    def detail(self, room: int) -> str:
        return rejoin(self.details, room - self.depth)


@dataclass(frozen=True, slots=True)
class Options:
    """The option rows of a dialog and what stands under them."""

    items: tuple[Option, ...]
    column: int
    """The caret's column."""
    first: int
    end: int
    footer: str
    clipped: bool
    """The dialog says that lines of it are out of sight, or rows are missing in its numbering."""
    ordered: bool
    """Numbers are 1, 2, 3 … (with gaps only where rows are out of sight), one row is marked."""

    has_side: bool
    """A box stands to the right of the rows."""
    bottom: int
    """The row after the last one that shows anything."""

    def choices(
        self, room: int, role_of: Callable[[Option, str], Role | None]
    ) -> tuple[Choice, ...] | None:
        """None when the meaning of a row is not known: then the dialog cannot be answered."""
        found: list[Choice] = []
        unnumbered = 0
        for option in self.items:
            label = option.label(room)
            role = role_of(option, label)
            if role is None:
                return None
            unnumbered += option.number is None
            place = unnumbered + (option.number or self._number_before(option))
            found.append(
                Choice(
                    n=place,
                    label=label,
                    role=role,
                    selected=option.marked,
                    checked=option.checked,
                    detail=option.detail(room),
                    rows=tuple(option.rows),
                )
            )
        return tuple(found)

    def _number_before(self, option: Option) -> int:
        """The last printed number above a row that has none."""
        above = self.items[: self.items.index(option)]
        return next((o.number for o in reversed(above) if o.number is not None), 0)


def find_options(
    rows: Sequence[str], words: Sequence[str] = (), ansi: Sequence[str] | None = None
) -> Options | None:
    """The dialog rows at the very bottom of a screen; None when no caret stands there.

    ``words``: labels of rows that have no number in a numbered dialog. ``ansi``: the same rows
    with their colours."""
    caret = _lowest_caret(rows)
    if caret is None:
        return None
    column = indent(rows[caret])
    first, end = _upper_end(rows, caret, column), _lower_end(rows, caret, column)
    room = rule_width(rows, "─╌▔") or max(map(cells, rows), default=0)
    items = _items(rows, range(first, end), column, room, frozenset(words), ansi)
    footer, has_more = _footer(rows[end:])
    numbers = [option.number for option in items if option.number is not None]
    gaps = numbers != list(range(1, len(numbers) + 1))
    hidden = has_more or any(option.arrow for option in items)
    ordered = sum(option.marked for option in items) == 1 and numbers == sorted(set(numbers))
    # what a shell writes under a dialog that was left behind starts at the left edge
    ordered = ordered and not (column and any(row[:1].strip() for row in rows[end:]))
    return Options(
        items=tuple(items),
        column=column,
        first=first,
        end=end,
        footer=footer,
        clipped=hidden,
        has_side=_has_side(rows[first:end]),
        bottom=max((at + 1 for at, row in enumerate(rows) if row.strip()), default=0),
        ordered=ordered and (hidden or not gaps),
    )


def _lowest_caret(rows: Sequence[str]) -> int | None:
    for at in range(len(rows) - 1, -1, -1):
        if _CARET.match(rows[at]):
            return at
    return None


def _in_list(row: str, column: int) -> bool:
    """Whether a row belongs to the options by its place alone."""
    if not row.strip():
        return False
    depth = indent(row)
    return depth >= column + 2 or (depth == column and bool(_MARKED.match(row, column)))


def _upper_end(rows: Sequence[str], caret: int, column: int) -> int:
    at = caret
    if column == 0 and at and is_rule(rows[at - 1]):
        at -= 1
        while at and (not rows[at - 1].strip() or indent(rows[at - 1]) >= _SIDE):
            at -= 1
        if not at or not _in_list(rows[at - 1], column):
            return caret
    while at and _in_list(rows[at - 1], column):
        at -= 1
    return at


def _lower_end(rows: Sequence[str], caret: int, column: int) -> int:
    at = _below_list_rule(rows, caret, column) or caret + 1
    while at < len(rows) and not _MORE.match(rows[at]):
        if not _in_list(rows[at], column) and not _goes_on(rows, at, column):
            break
        at += 1
    return at


def _below_list_rule(rows: Sequence[str], caret: int, column: int) -> int | None:
    """The row under the rule that parts the answers from the last row (left-edge dialogs only)."""
    if column:
        return None
    for at in range(caret + 1, len(rows) - 1):
        if is_rule(rows[at]):
            return at + 1 if _in_list(rows[at + 1], column) else None
    return None


def _goes_on(rows: Sequence[str], at: int, column: int) -> bool:
    """An empty row inside the list: Claude Code 2.1.329 leaves one under typed text it cut off."""
    if rows[at].strip() or at + 1 >= len(rows):
        return False
    found = _NUMBERED.match(rows[at + 1], column)
    return found is not None and int(found.group("number")) > 1


def _items(
    rows: Sequence[str],
    where: range,
    column: int,
    room: int,
    words: frozenset[str],
    ansi: Sequence[str] | None,
) -> list[Option]:
    numbered = any(_NUMBERED.match(rows[at], column) for at in where)
    has_side = _has_side(rows[at] for at in where)
    items: list[Option] = []
    apart = False
    for at in where:
        row = _SIDE_BOX.sub("", rows[at]).rstrip() if has_side else rows[at]
        if is_rule(row):
            apart = True
        elif row.strip():
            option = _option(row, at, column, numbered, words if not apart else None)
            own = option is not None and option.lines[0] in words
            if option is None or (not own and _continues(items, option, row, numbered, room)):
                # left-edge lists have descriptions, in grey, under labels that seldom wrap
                described = column == 0 and (ansi is None or starts_grey(ansi[at]))
                _add_line(items, row, at, 0 if described else room)
            else:
                option.apart = apart
                items.append(option)
    return items


def _has_side(rows: Iterable[str]) -> bool:
    return any(_SIDE_CORNER.search(row) for row in rows)


def _option(
    row: str, at: int, column: int, numbered: bool, words: frozenset[str] | None
) -> Option | None:
    """A row as a new option; None when it can only be the rest of the one above."""
    found = _NUMBERED.match(row, column) if numbered else None
    if found:
        return _numbered_option(found, at, column)
    bare = _UNNUMBERED.match(row, column)
    if bare is None:
        return None
    label, marked, pad = bare.group("label"), bare.group("mark") == CARET, len(bare.group("pad"))
    if numbered and words is not None and not marked and (label not in words or pad != 3):
        return None
    box = None if numbered else _CHECK_BOX.match(label)
    ticked = None if box is None else box.group("tick") in _TICKS
    text = label if box is None else box.group("label")
    depth = bare.start("label") + (0 if box is None else 4)
    return Option(None, [text], marked, ticked, [at], depth, arrow=bare.group("mark") in "↓↑")


def _numbered_option(found: re.Match[str], at: int, column: int) -> Option:
    label, depth, ticked = found.group("label"), found.start("label"), None
    box = _CHECK_BOX.match(label)
    if box:
        label, depth, ticked = box.group("label"), depth + 4, box.group("tick") in _TICKS
    mark = found.group("mark")
    number = int(found.group("number"))
    return Option(number, [label], mark == CARET, ticked, [at], depth, arrow=mark in "↓↑")


def _continues(items: list[Option], option: Option, row: str, numbered: bool, room: int) -> bool:
    """Without numbers only the edge of the pane tells a new row from the rest of a long one."""
    if numbered or option.marked or not items or items[-1].details:
        return False
    above = items[-1]
    return indent(row) != above.depth - (0 if above.checked is None else 4) or (
        option.checked is None and wraps(above.lines[-1], option.lines[0], room - 1 - above.depth)
    )


def _add_line(items: list[Option], row: str, at: int, room: int) -> None:
    """To the label of the row above when it may be its rest, else to its description."""
    if not items:
        return
    above, text = items[-1], row.strip(" ")
    above.rows.append(at)
    if room and not above.details and wraps(above.lines[-1], text, room - 1 - above.depth):
        above.lines.append(text)
    else:
        above.details.append(text)


def _footer(rows: Sequence[str]) -> tuple[str, bool]:
    """The lines under the options as one, and whether they count lines out of sight."""
    lines = [row.strip(" ") for row in rows if row.strip()]
    more = [line for line in lines if _MORE.match(line)]
    return " ".join(line for line in lines if line not in more), bool(more)
