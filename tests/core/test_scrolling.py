"""A window of a list, moved along; whole lists are walked in ``agents/_gemini``."""

from __future__ import annotations

import pytest

from bot.core.errors import Refused
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.scrolling import SOMEWHERE, joined, way_through, way_to

DONE = Choice(0, "Done", Role.SUBMIT)


def row(n: int, label: str = "", role: Role = Role.ANSWER, marked: bool = False) -> Choice:
    return Choice(n, label or f"row {n}", role, marked, rows=(n,))


def seen(*rows: Choice) -> Prompt:
    return Prompt(Kind.QUESTION, "toy", choices=rows, scrolls=True)


def test_rows_that_left_the_window_are_remembered_without_their_caret() -> None:
    whole = joined(seen(row(1, marked=True), row(2)), seen(row(2), row(3, marked=True)))
    assert [choice.n for choice in whole.choices] == [1, 2, 3]
    assert whole.selected == row(3, marked=True)
    assert whole.choices[0].rows == ()
    assert whole.unseen_rows


def test_the_end_is_known_by_the_row_for_own_words() -> None:
    own = row(3, "in your own words", Role.OTHER)
    whole = joined(seen(row(1), row(2), DONE), seen(row(2), own, DONE))
    assert not whole.unseen_rows
    assert whole.choices[-1].n == 4
    written = joined(whole, seen(row(2), row(3, "Ochre", Role.OTHER), DONE))
    assert written.choices[2].label == "Ochre"


def test_a_window_that_jumped_starts_anew() -> None:
    assert joined(seen(row(1), row(2)), seen(row(7), row(8))).choices == (row(7), row(8))


def test_a_row_that_reads_otherwise_is_refused() -> None:
    with pytest.raises(Refused, match="not those that were there"):
        joined(seen(row(1), row(2)), seen(row(2, "Delete it"), row(3)))


def test_what_does_not_scroll_is_what_stands_there() -> None:
    now = Prompt(Kind.QUESTION, "toy", choices=(row(1, "other"),))
    assert joined(seen(row(1)), now) is now


def test_first_up_then_down() -> None:
    assert way_through(seen(row(2), row(3))) == -1
    assert way_through(seen(row(1), row(2))) == 1
    assert way_through(seen(row(1), row(2, role=Role.OTHER))) == 0


def test_the_way_to_a_row_is_its_number_and_its_label_is_looked_at_there() -> None:
    now = seen(row(2), row(3, marked=True), row(4))
    assert [way_to(row(n), now) for n in (1, 3, 9)] == [-1, 0, 1]
    assert way_to(SOMEWHERE, now) == way_to(DONE, now) == 1
    with pytest.raises(Refused, match="not there any more"):
        way_to(row(3, "another"), now)
    with pytest.raises(Refused, match="not there any more"):
        way_to(row(3, role=Role.OTHER), now)


def test_nothing_lies_below_the_row_that_sends() -> None:
    now = seen(row(5), row(6, role=Role.OTHER), Choice(7, "Done", Role.SUBMIT, True))
    assert way_to(DONE, now) == 0
    assert [way_to(one, now) for one in (SOMEWHERE, row(5), row(9))] == [-1, -1, -1]


def test_without_a_marked_row_there_is_no_way() -> None:
    with pytest.raises(Refused, match="which row is marked"):
        way_to(row(1), seen(row(1), row(2)))
