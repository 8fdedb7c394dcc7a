# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

import pytest

from bot.core.dialogs import Options, find_options
from bot.core.prompts import Role

RULE = "─" * 60


def options(*rows: str, words: tuple[str, ...] = ()) -> Options:
    found = find_options(rows, words)
    assert found is not None
    return found


def labels(found: Options) -> list[str]:
    return [option.label(60) for option in found.items]


def test_rows_footer_and_caret() -> None:
    found = options(RULE, " Question?", " ❯ 1. Yes", "   2. No", "", " Esc to cancel")

    assert labels(found) == ["Yes", "No"]
    assert (found.first, found.end, found.bottom) == (2, 4, 6)
    assert found.footer == "Esc to cancel"
    assert found.ordered
    assert [option.marked for option in found.items] == [True, False]


def test_a_long_label_goes_on_below() -> None:
    found = options(
        RULE,
        " ❯ 1. Yes",
        "   2. Yes, and switch to accept edits (auto-approve file",
        "      edits) for this session",
        "   3. No",
    )

    assert (
        labels(found)[1]
        == "Yes, and switch to accept edits (auto-approve file edits) for this session"
    )
    assert found.items[1].rows == [2, 3]


def test_rows_without_numbers() -> None:
    found = options(RULE, "", " ❯ No, exit", "   Yes, I trust this folder", "", " Esc to cancel")

    assert labels(found) == ["No, exit", "Yes, I trust this folder"]
    assert [option.number for option in found.items] == [None, None]


def test_check_boxes_descriptions_and_the_row_below_the_rule() -> None:
    found = options(
        RULE,
        "❯ 1. [ ] Lint",
        "         ruff",
        "  2. [✔] Types",
        "     Submit",
        RULE,
        "  3. Chat about this",
        "",
        "Enter to select",
        words=("Submit",),
    )

    assert labels(found) == ["Lint", "Types", "Submit", "Chat about this"]
    assert [option.checked for option in found.items] == [False, True, None, None]
    assert [option.apart for option in found.items] == [False, False, False, True]
    assert found.items[0].detail(60) == "ruff"
    numbered = found.choices(60, lambda row, label: Role.ANSWER)
    assert numbered is not None
    assert [choice.n for choice in numbered] == [1, 2, 3, 4]


def test_a_description_that_names_a_word_is_no_row() -> None:
    found = options("❯ 1. [ ] Lint", "         Submit", "  2. [ ] Types", words=("Submit",))

    assert labels(found) == ["Lint", "Types"]


@pytest.mark.parametrize(
    "rows",
    [
        (" ❯ 1. Yes", "   3. No"),
        (" ❯ 1. Yes", "   1. No"),
        (" ❯ 1. Yes", " ❯ 2. No"),
        ("   2. Yes", " ❯ 1. No"),
        (" ❯ 1. Yes", "   2. No", "", " Esc to cancel", "user@host$"),
    ],
)
def test_what_does_not_add_up_is_not_in_order(rows: tuple[str, ...]) -> None:
    assert not options(*rows).ordered


def test_rows_out_of_sight_are_told() -> None:
    found = options(" ❯ 1. Yes", " ↓ 2. Always", "   4. No", " ↑ 12 more lines", " Esc to cancel")

    assert found.clipped
    assert found.ordered
    assert found.footer == "Esc to cancel"


def test_a_barred_line_is_no_caret() -> None:
    assert find_options([" │ ❯ 1. Yes", " │   2. No"]) is None


def test_a_label_without_a_meaning_gives_no_choices() -> None:
    found = options(" ❯ 1. Yes", "   2. Perhaps")

    assert found.choices(60, lambda row, label: Role.DENY if label == "Yes" else None) is None


def test_a_box_beside_the_rows_is_not_their_label() -> None:
    found = options(
        "❯ 1. Flat                  ┌──────┐",
        "  2. Nested                │ src/ │",
        "                           └──────┘",
        RULE,
        "  Chat about this",
    )

    assert labels(found) == ["Flat", "Nested", "Chat about this"]
    assert found.has_side
