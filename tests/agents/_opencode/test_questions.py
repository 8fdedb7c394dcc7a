from __future__ import annotations

import pytest

from bot.agents._opencode.questions import question
from bot.agents.opencode import AGENT
from bot.core.answering import next_step
from bot.core.barred import Panel
from bot.core.goals import Write
from bot.core.prompts import Prompt, Role
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("opencode")}


def recorded(name: str) -> Prompt:
    prompt = AGENT.read_screen(BY_NAME[name].screen).prompt
    assert prompt is not None
    return prompt


def panel(*lines: str) -> Panel:
    return Panel(0, len(lines), 0, lines, 80)


HINTS = "↑↓ select  enter submit  esc dismiss"


def test_numbered_rows_and_one_for_own_words() -> None:
    asked = question(
        panel("", "Which one?", "", "1. Red", "2. Type your own answer", "", HINTS), 1, ()
    )
    assert asked is not None
    assert asked.subject == "Which one?"
    assert [choice.role for choice in asked.choices] == [Role.ANSWER, Role.OTHER]


@pytest.mark.parametrize(
    "lines",
    [
        ("", "Which one?", "", "1. Red", "3. Blue", "", HINTS),
        ("", "Which one?", "", "1. Red", "and a line of something", "", HINTS),
        ("", "Which one?", "", "1. Red", "2. Blue", "", "press any key"),
    ],
)
def test_other_rows_are_no_question(lines: tuple[str, ...]) -> None:
    assert question(panel(*lines), 1, ()) is None


def test_the_field_for_own_words_is_opened_filled_and_sent() -> None:
    """Its row has no field until Enter opens it (1.18.33)."""
    row = recorded("ask_own_120").with_role(Role.OTHER)
    assert row is not None
    names = ("ask_own_120", "ask_own_open_120", "ask_own_typed_120")
    closed, opened, typed = (recorded(name) for name in names)
    assert typed.selected is not None
    aim = Write(row, typed.selected.label)

    opening = next_step(aim, closed, AGENT.keys)
    assert (opening.data, opening.deciding) == (AGENT.keys.enter, False)
    assert next_step(aim, opened, AGENT.keys).types
    sending = next_step(aim, typed, AGENT.keys, written=True)
    assert (sending.data, sending.deciding) == (AGENT.keys.enter, True)
