# ruff: noqa: RUF001 - glyphs as the agent draws them
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents._claude.vitals import vitals
from bot.core.screen import PaneFacts, Screen
from bot.core.vitals import Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("claude")}
RULE = "─" * 60


def shown(*above: str, below: str = "  ⏸ plan mode on", title: str = "✳ Claude Code") -> Vitals:
    rows = (*above, RULE, "❯", RULE, below)
    return vitals(Screen(rows, PaneFacts(command="claude", title=title)))


def test_the_persons_own_status_line_and_the_mode() -> None:
    seen = vitals(BY_NAME["idle_statusline_120"].screen)
    assert (seen.context, seen.cost, seen.mode) == (12, "$0.42", "manual mode")


def test_the_banner_names_the_model() -> None:
    assert vitals(BY_NAME["idle_plan_mode_120"].screen).model == "Opus 5.5"
    assert vitals(BY_NAME["idle_plan_mode_120"].screen).mode == "plan mode"


def test_a_call_that_is_tried_again() -> None:
    seen = vitals(BY_NAME["err_529_45"].screen)
    assert seen.trouble == "API error · retrying in 32s · attempt 1/10"


@pytest.mark.parametrize(
    "words",
    [
        "Credit balance too low",
        "Context limit reached",
        "Prompt is too long",
        "Invalid API key",
        "5-hour limit reached",
    ],
)
def test_why_it_cannot_go_on(words: str) -> None:
    tail = " · /login" if "key" in words else " · more"
    assert shown("❯ go", f"  ⎿  {words}{tail}").halted == words
    assert shown("❯ go", f"  ⎿  {words}{tail}", "", "❯ go on", "● Fine.").halted == ""


def test_a_commands_output_is_no_error_of_the_agent() -> None:
    assert shown("❯ go", "● Bash(cat log)", "  ⎿  Credit balance too low").halted == ""
    assert shown("❯ go", "● Credit balance too low").halted == ""


@pytest.mark.parametrize(
    ("below", "context"),
    [
        ("  Context left until auto-compact: 8%", 92),
        ("  ctx: 41%", 41),
        ("  context 30% left", 70),
        ("  63% context used", 63),
        ("  cpu 93% · ctx", None),
    ],
)
def test_how_much_of_the_context_is_used(below: str, context: int | None) -> None:
    assert shown(below=below).context == context


def test_its_own_title() -> None:
    assert shown(title="✳ Fix the login").title == "Fix the login"
    assert shown(title="✳ Claude Code").title == ""
    assert shown(title="vm").title == ""


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    assert isinstance(vitals(Screen.of(text)), Vitals)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("login_100", "Not logged in · run /login at its terminal"),
        ("login_197_100", "Not logged in · Run /login at its terminal"),
    ],
)
def test_nobody_has_signed_in_yet_and_it_says_so_before_anything_is_asked(
    name: str, why: str
) -> None:
    assert vitals(BY_NAME[name].screen).halted == why
