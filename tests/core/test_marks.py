from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import Refused
from bot.core.marks import box, marked, on_tap, ticked
from bot.core.prompts import Choice, Kind, Prompt, Role

ASKED = Prompt(
    Kind.QUESTION,
    "claude",
    question="Which tests?",
    choices=(
        Choice(1, "Unit", Role.ANSWER, checked=False),
        Choice(2, "Load", Role.ANSWER, checked=True),
        Choice(3, "Type something", Role.OTHER, checked=False),
        Choice(4, "Submit", Role.SUBMIT),
    ),
)
SUBMIT = ASKED.choices[3]


def test_exactly_these_rows_are_ticked() -> None:
    assert ticked(ASKED) == (2,)
    assert ticked(marked(ASKED, (1,))) == (1,)
    assert ticked(marked(ASKED, (2, 1))) == (1, 2)
    assert ticked(marked(ASKED, ())) == ()
    assert marked(ASKED, (2,)) == ASKED


@pytest.mark.parametrize("rows", [(4,), (0,), (1, 9)])
def test_a_row_without_a_box_is_refused(rows: tuple[int, ...]) -> None:
    with pytest.raises(Refused, match=f"row {rows[-1]} has no box"):
        marked(ASKED, rows)


def test_a_question_of_one_answer_has_nothing_to_tick() -> None:
    single = replace(ASKED, choices=(Choice(1, "Red", Role.ANSWER),))
    for rows in ((1,), ()):
        with pytest.raises(Refused):
            marked(single, rows)


def test_a_tap_ticks_or_takes_back_and_keeps_the_others() -> None:
    unit, load = ASKED.choices[:2]
    assert on_tap(ASKED, unit, "k3f") == "mark k3f 1,2"
    assert on_tap(ASKED, load, "k3f") == "mark k3f none"
    assert (box(unit), box(load), box(SUBMIT)) == ("☐ ", "☑ ", "")


def test_submit_sends_what_is_ticked_and_goes_on_without() -> None:
    assert on_tap(marked(ASKED, (1, 2)), SUBMIT, "k3f") == "choose k3f 1,2"
    assert on_tap(marked(ASKED, ()), SUBMIT, "k3f") == "choose k3f 4"
