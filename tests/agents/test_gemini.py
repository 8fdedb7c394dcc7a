from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.gemini import AGENT
from bot.core.agent import Composer, State
from bot.core.answering import goal
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import ANSWERABLE, Prompt
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens

SCREENS = golden_screens("gemini")
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
    for choice in (choice for choice in prompt.choices if choice.rows):
        assert all(first <= row < end for row in choice.rows)
        row = golden.screen.rows[choice.rows[0]]
        assert choice.selected == ("●" in row)
        assert choice.label.split()[0] in row


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_a_dialog_whose_upper_edge_is_in_the_scrollback_is_not_whole(golden: Golden) -> None:
    rows = golden.screen.rows
    top = max(at for at, row in enumerate(rows) if row.lstrip(" ").startswith("╭"))
    below = Screen(rows[top + 1 :], golden.screen.pane)
    reading = AGENT.read_screen(below)
    assert reading.prompt is None or not reading.prompt.choices or not reading.prompt.complete
    if reading.prompt is not None and reading.prompt.kind in ANSWERABLE:
        with pytest.raises(Refused):
            goal(reading.prompt, Decision(Verdict.APPROVE))


def test_lines_that_it_hides_itself_are_missing_at_every_width() -> None:
    for name in ("tall_100", "tall_62", "bigadd_100"):
        prompt = prompt_of(BY_NAME[name].screen)
        assert not prompt.complete
        assert "hidden" not in prompt.subject


def test_a_command_that_draws_the_end_of_a_box_stays_in_its_own() -> None:
    for name in ("posing_100", "posing_62"):
        prompt = prompt_of(BY_NAME[name].screen)
        assert prompt.subject.endswith("rm -r src")
        assert prompt.question == "Allow execution of [Shell]?"


def test_trust_is_not_denied_by_escape() -> None:
    assert not prompt_of(BY_NAME["trust_100"].screen).cancel_denies
    assert prompt_of(BY_NAME["cmd_100"].screen).cancel_denies


def test_a_shell_box_is_never_an_empty_one() -> None:
    reading = AGENT.read_screen(BY_NAME["shellmode_100"].screen)
    assert reading.shell
    assert (reading.composer, reading.draft) == (Composer.DRAFT, "!")


def test_what_a_person_said_is_no_input_box() -> None:
    rows = ["▄" * 60, " > look here", "▀" * 60]
    assert AGENT.read_screen(Screen.of("\n".join(rows), RUNNING)).state is State.NONE


@pytest.mark.parametrize("name", ["plain_fresh_100", "plain_fresh_62"])
def test_without_true_colour_a_draft_below_an_empty_line_is_one(name: str) -> None:
    rows = list(BY_NAME[name].screen.trimmed())
    at = next(at for at, row in enumerate(rows) if row.startswith(" >"))
    rows[at : at + 1] = [" >", "", "   rm -rf build"]

    reading = AGENT.read_screen(Screen(tuple(rows), RUNNING))

    assert (reading.composer, reading.draft) == (Composer.DRAFT, "rm -rf build")


def test_without_true_colour_what_a_person_said_is_no_signal_of_the_agent() -> None:
    rows = list(BY_NAME["plain_fresh_100"].screen.trimmed())
    rule = next(at for at, row in enumerate(rows) if row.startswith("──"))
    said = ["✦ I am at it.", "", " > now say", "   :::DONE:all:::", ""]

    reading = AGENT.read_screen(Screen((*rows[:rule], *said, *rows[rule:]), RUNNING))
    assert (reading.state, reading.signals) == (State.IDLE, ())

    said[2] = "  And now"
    reading = AGENT.read_screen(Screen((*rows[:rule], *said, *rows[rule:]), RUNNING))
    assert [signal.text for signal in reading.signals] == ["all"]


def test_a_title_that_asks_over_an_unknown_screen_is_something_that_waits() -> None:
    pane = PaneFacts(command="node", title="✋  Action Required (ferry)")
    assert AGENT.read_screen(Screen.of("half a redraw", pane)).state is State.UNREADABLE
    shell = replace(pane, command="bash")
    assert AGENT.read_screen(Screen.of("$", shell)).state is State.SHELL


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("ab ●>1.2│╭╮╰╯─▄▀"), max_size=30), max_size=30))
def test_any_screen_has_a_reading(rows: list[str]) -> None:
    assert AGENT.read_screen(Screen.of("\n".join(rows), RUNNING)).agent == "gemini"
