"""A list of which an agent shows a few rows at a time: the window moves along with the caret.

Each row has its number printed, from 1 without a gap; the row for own words is the last of them,
and only the row that sends what is ticked stands below it, without a number."""

from __future__ import annotations

from dataclasses import replace

from bot.core.errors import Refused
from bot.core.prompts import Choice, Prompt, Role, squeezed

SOMEWHERE = Choice(0, "", Role.OTHER)
"""The row for own words of a list whose end has not been in sight."""


def joined(known: Prompt, now: Prompt) -> Prompt:
    """The list as far as it has been seen: the window of now, and around it the rows that were in
    sight before, as they were then. Of a dialog that does not scroll, what stands there now.
    Raises Refused when a row reads otherwise than it did."""
    if not now.scrolls:
        return now
    before, shown = _numbered(known), _numbered(now)
    if any(_differ(before[n], row) for n, row in shown.items() if n in before):
        raise Refused("its rows are not those that were there before")
    gone = {n: replace(row, selected=False, rows=()) for n, row in before.items()}
    rows = gone | shown
    if sorted(rows) != list(range(min(rows), max(rows) + 1)):
        rows = shown  # somebody moved it further than we saw
    submit = now.with_role(Role.SUBMIT) or known.with_role(Role.SUBMIT)
    ended = any(row.role is Role.OTHER for row in rows.values())
    last = [replace(submit, n=max(rows) + 1 if ended else 0)] if submit else []
    return replace(now, choices=(*(rows[n] for n in sorted(rows)), *last))


def _numbered(prompt: Prompt) -> dict[int, Choice]:
    return {row.n: row for row in prompt.choices if row.role is not Role.SUBMIT}


def _differ(before: Choice, now: Choice) -> bool:
    """The row for own words has the words in it that are being written."""
    if Role.OTHER in (before.role, now.role):
        return False
    return (before.role, squeezed(before.label)) != (now.role, squeezed(now.label))


def way_to(row: Choice, now: Prompt) -> int:
    """Down by 1, up by -1, or 0: the caret is on the row of that number, label and role. Raises
    Refused when another row stands in that place."""
    marked = [choice for choice in now.choices if choice.selected]
    if len(marked) != 1:
        raise Refused("I can't see which row is marked")
    caret = marked[0]
    if row.role is Role.SUBMIT or row.n == 0:
        return 0 if caret.role is row.role else -1 if caret.role is Role.SUBMIT else 1
    if caret.role is Role.SUBMIT:
        return -1
    if caret.n != row.n:
        return 1 if caret.n < row.n else -1
    same = row.role is Role.OTHER or squeezed(caret.label) == squeezed(row.label)
    if caret.role is not row.role or not same:
        raise Refused(f"the row “{row.label}” is not there any more")
    return 0


def way_through(known: Prompt) -> int:
    """To the rows that have not been in sight: first to those above."""
    if not known.unseen_rows:
        return 0
    return -1 if known.choices[0].n > 1 else 1
