from __future__ import annotations

from bot.core.numbered import Numbered, Row, lowest_list
from bot.core.prompts import Role


def as_answer(row: Row, label: str) -> Role:
    return Role.ANSWER


def around(*rows: str, described: bool = False) -> Numbered:
    found = lowest_list(rows, "*", (0, 2), described=described)
    assert found is not None
    return found


def labels(found: Numbered) -> list[str]:
    choices = found.choices(60, as_answer)
    assert choices is not None
    return [choice.label for choice in choices]


def test_the_lowest_caret_counts_and_its_own_column() -> None:
    found = around("* 1. Yes", "  2. No", "", "  * 1. Left", "    2. Right", "  enter to submit")
    assert labels(found) == ["Left", "Right"]
    assert (found.column, found.first, found.end) == (2, 3, 5)


def test_above_the_first_number_is_something_else() -> None:
    found = around("  2. of a command", "  1. of a command", "  1. Yes", "* 2. No")
    assert labels(found) == ["Yes", "No"]
    assert found.first == 2


def test_a_description_is_behind_its_label_or_below() -> None:
    beside = around(
        "* 1. Left   the first", "     of two", "            side", "  2. Right  other"
    )
    choices = beside.choices(60, as_answer)
    assert choices is not None
    assert [(c.label, c.detail) for c in choices] == [
        ("Left of two", "the first side"),
        ("Right", "other"),
    ]
    below = around("* 1.  Left", "      the first", "  2.  Right", described=True)
    choices = below.choices(60, as_answer)
    assert choices is not None
    assert [(c.label, c.detail) for c in choices] == [("Left", "the first"), ("Right", "")]


def test_boxes_are_ticked_or_not() -> None:
    choices = around("* 1. [x] North", "  2. [ ] South").choices(60, as_answer)
    assert choices is not None
    assert [(c.label, c.checked) for c in choices] == [("North", True), ("South", False)]


def test_a_gap_a_second_caret_or_an_unknown_row_is_no_answer() -> None:
    assert around("* 1. Yes", "  3. No").choices(60, as_answer) is None
    assert around("* 1. Yes", "* 2. No").choices(60, as_answer) is None
    assert around("* 1. Yes", "  2. No").choices(60, lambda row, label: None) is None
    assert lowest_list(["1. Yes", "2. No"], "*", (0,)) is None
