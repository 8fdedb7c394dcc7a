# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.codex import AGENT
from bot.core.agent import Composer, State
from bot.core.answering import goal
from bot.core.decisions import Decision, Verdict
from bot.core.goals import Cancel, Pick
from bot.core.prompts import ANSWERABLE, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens

SCREENS = golden_screens("codex")
BY_NAME = {golden.name: golden for golden in SCREENS}
DIALOGS = [g for g in SCREENS if g.expected["state"] in {kind.value for kind in ANSWERABLE}]
RUNNING = PaneFacts(command="node")


def prompt_of(screen: Screen) -> Prompt:
    prompt = AGENT.read_screen(screen).prompt
    assert prompt is not None
    return prompt


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    check(AGENT.read_screen(golden.screen), golden)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_says_where_a_dialog_stands(golden: Golden) -> None:
    prompt = prompt_of(golden.screen)
    first, end = prompt.span
    for choice in prompt.choices:
        assert all(first <= row < end for row in choice.rows)
        assert choice.selected == ("›" in golden.screen.rows[choice.rows[0]])


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_an_input_box_below_makes_it_text(golden: Golden) -> None:
    below = "\n\n› Ask Codex to do anything\n\n  fake-model default · ~/ferry"
    said = golden.text.replace("\n", "\n  ")
    reading = AGENT.read_screen(Screen.of(f"• {said}{below}", RUNNING))
    assert (reading.prompt, reading.composer) == (None, Composer.EMPTY)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_no_letter_is_an_answer(golden: Golden) -> None:
    prompt = prompt_of(golden.screen)
    assert not any(choice.word for choice in prompt.choices)
    if prompt.with_role(Role.DENY):
        assert isinstance(goal(prompt, Decision(Verdict.DENY)), Cancel)
    if prompt.complete and prompt.with_role(Role.ALLOW_ONCE):
        aim = goal(prompt, Decision(Verdict.APPROVE))
        assert isinstance(aim, Pick)
        assert aim.row.role is Role.ALLOW_ONCE


def test_a_command_that_is_cut_off_is_not_whole() -> None:
    assert not prompt_of(BY_NAME["tall_100"].screen).complete
    low = prompt_of(BY_NAME["tall_62"].screen)
    assert (low.complete, low.with_role(Role.DENY), low.cancel_denies) == (False, None, True)


def test_a_command_that_shows_a_dialog_is_shown_as_it_is() -> None:
    prompt = prompt_of(BY_NAME["posing_100"].screen)
    assert prompt.subject.endswith("rm -r src")
    assert [choice.role for choice in prompt.choices] == [Role.ALLOW_ONCE, Role.DENY]


def test_a_change_with_lines_out_of_sight_is_not_whole() -> None:
    golden = BY_NAME["edit_100"]
    assert prompt_of(golden.screen).complete
    folded = golden.text.replace("(+1 -1)", "(+9 -1)")
    assert not prompt_of(Screen.of(folded, RUNNING)).complete
    shown = "\n".join(prompt_of(golden.screen).body)
    assert '2 +    return "Ahoy, " + name' in shown


def test_notes_are_typed_not_obeyed() -> None:
    prompt = prompt_of(BY_NAME["ask_typed_100"].screen)
    assert prompt.typing
    assert not prompt.cancel_denies
    assert prompt.selected is not None
    assert prompt.selected.label.endswith(": in both")


def started(text: str) -> str:
    return text.replace(
        "  ? for shortcuts", "  scripted default · ~/ferry\n  ← for agents · ? for shortcuts"
    )


def test_its_box_is_shown_before_it_takes_anything() -> None:
    """For some seconds 0.169.0 has an input box that loses Enter; then its status line comes."""
    golden = BY_NAME["fresh_100"]
    reading = AGENT.read_screen(golden.screen)
    assert (reading.state, reading.composer) == (State.WORKING, Composer.ABSENT)
    reading = AGENT.read_screen(Screen.of(started(golden.text), RUNNING))
    assert (reading.state, reading.composer) == (State.IDLE, Composer.EMPTY)


def test_text_that_is_no_known_hint_wants_colours() -> None:
    text = started(BY_NAME["fresh_100"].text)
    other = text.replace("Ask Codex to do anything", "Write some tests, will you")
    assert AGENT.read_screen(Screen.of(other, RUNNING)).wants_colours
    assert AGENT.read_screen(Screen.of(text, RUNNING)).composer is Composer.EMPTY
    typed = BY_NAME["draft_100"]
    assert AGENT.read_screen(typed.screen).composer is Composer.DRAFT


def test_work_without_a_working_line_is_told_by_the_title() -> None:
    golden = BY_NAME["words_100"]
    assert AGENT.read_screen(golden.screen).state is State.WORKING
    quiet = replace(golden.screen, pane=replace(golden.screen.pane, title="ferry"))
    assert AGENT.read_screen(quiet).state is State.IDLE


def test_a_title_that_asks_over_an_unknown_screen_is_something_that_waits() -> None:
    pane = PaneFacts(command="node", title="[ ! ] Action Required | ferry")
    assert AGENT.read_screen(Screen.of("  Pick one\n  or two", pane)).state is State.UNREADABLE
    under = replace(BY_NAME["cmd_100"].screen.pane, command="docker")
    assert prompt_of(replace(BY_NAME["cmd_100"].screen, pane=under)).choices
    shell = replace(BY_NAME["cmd_100"].screen, pane=replace(under, command="bash"))
    assert AGENT.read_screen(shell).state is State.SHELL


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("ab ›•1.2$\n—│"), max_size=30), max_size=30))
def test_any_screen_has_a_reading(rows: list[str]) -> None:
    assert AGENT.read_screen(Screen.of("\n".join(rows), RUNNING)).agent == "codex"
