from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.redraws import is_redraw, without_patterns
from tests.support.menu import AGAIN, NO, SHAPES, YES, dialog

BEFORE = SHAPES["four rows"]


def with_label(prompt: Prompt, role: Role, label: str) -> Prompt:
    choices = tuple(replace(c, label=label) if c.role is role else c for c in prompt.choices)
    return replace(prompt, choices=choices)


def test_other_words_for_the_grant_are_the_same_dialog() -> None:
    after = with_label(BEFORE, Role.ALLOW_ALWAYS, "Yes, and don't ask again for: npm run build *")

    assert is_redraw(BEFORE, after)
    assert is_redraw(BEFORE, BEFORE)


@pytest.mark.parametrize(
    "after",
    [
        replace(BEFORE, subject="npm run deploy"),
        replace(BEFORE, question="Do you want to go on?"),
        replace(BEFORE, body=("another",)),
        replace(BEFORE, tool="Edit"),
        replace(BEFORE, complete=False),
        with_label(BEFORE, Role.ALLOW_ONCE, "Yes, all of them"),
        with_label(BEFORE, Role.ALLOW_AND_CHANGE_MODE, "Yes, and bypass"),
        with_label(BEFORE, Role.DENY, "No, never"),
        dialog(BEFORE.kind, [YES, NO, AGAIN]),
        SHAPES["three rows"],
    ],
)
def test_anything_else_is_another_one(after: Prompt) -> None:
    assert not is_redraw(BEFORE, after)


def test_only_the_pattern_of_a_grant_is_left_out_of_a_comparison() -> None:
    pattern = Choice(1, "Yes, and don't ask again for: npm run *", Role.ALLOW_ALWAYS)
    other = Choice(2, "Yes, and always allow access to p/ from this project", Role.ALLOW_ALWAYS)
    prompt = Prompt(Kind.APPROVAL, "claude", "Bash", "npm run build", choices=(pattern, other))

    assert [choice.label for choice in without_patterns(prompt).choices] == ["", other.label]
    wider = replace(other, label="Yes, and always allow access to / from this project")
    assert not is_redraw(prompt, replace(prompt, choices=(pattern, wider)))
