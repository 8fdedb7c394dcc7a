from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.qwen import AGENT
from bot.core.agent import Composer, State
from bot.core.answering import Key, goal, next_step, same_dialog
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import ANSWERABLE, Kind, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens

SCREENS = golden_screens("qwen")
BY_NAME = {golden.name: golden for golden in SCREENS}
DIALOGS = [g for g in SCREENS if g.expected["state"] in {kind.value for kind in ANSWERABLE}]
RUNNING = PaneFacts(command="node", title="Qwen - ferry", width=100)
MARK, POINTS = "\u203a", "\u276f"
"""Before the row that is marked: of an approval, of a question."""
WAITS = "  ⠏ Waiting for user confirmation..."
FOOT = ("─" * 100, ">   Type your message or @path/to/file", "─" * 100, "  ➜ ferry · scripted")


def prompt_of(screen: Screen) -> Prompt:
    prompt = AGENT.read_screen(screen).prompt
    assert prompt is not None
    return prompt


def asked(*rows: str) -> Prompt:
    """The rows of a tool, as they stand above the list."""
    choices = ("", f"   {MARK} 1. Yes, allow once", "     2. No, suggest changes (esc)", "", WAITS)
    return prompt_of(Screen((*rows, "", "   Allow execution of: 'ls'?", *choices), RUNNING))


def key(prompt: Prompt, verdict: Verdict, *, numbers: tuple[int, ...] = ()) -> Key:
    decision = Decision(verdict, numbers=numbers)
    return next_step(goal(prompt, decision), prompt, AGENT.keys)


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    check(AGENT.read_screen(golden.screen), golden)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_says_where_a_dialog_stands(golden: Golden) -> None:
    prompt = prompt_of(golden.screen)
    first, end = prompt.span
    for choice in prompt.choices:
        assert all(first <= row < end for row in choice.rows)
        row = golden.screen.rows[choice.rows[0]]
        marked = row.lstrip(" │")[:1] in (MARK, POINTS)
        assert choice.selected == (marked and not choice.by_enter)
        assert choice.label.split()[0] in " ".join(golden.screen.rows[at] for at in choice.rows)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_a_dialog_whose_first_line_is_off_the_screen_is_not_whole(golden: Golden) -> None:
    if golden.expected["state"] == "trust":
        return
    prompt = prompt_of(golden.screen)
    below = AGENT.read_screen(Screen(golden.screen.rows[prompt.span[0] + 1 :], RUNNING))
    assert below.prompt is not None
    if below.prompt.kind in ANSWERABLE:
        assert not below.prompt.complete


@pytest.mark.parametrize("case", ["cmd", "lines", "long", "posing", "widetool", "ask"])
def test_a_dialog_is_the_same_at_both_widths(case: str) -> None:
    wide, narrow = (prompt_of(BY_NAME[f"{case}_{width}"].screen) for width in (100, 62))
    assert (wide.subject, wide.complete) == (narrow.subject, narrow.complete)
    if case == "ask":
        assert same_dialog(wide, narrow, goal(wide, Decision(Verdict.DENY)))


def test_what_the_preview_has_lost_stands_in_the_line_of_the_tool() -> None:
    for name in ("long_100", "long_62"):
        prompt = prompt_of(BY_NAME[name].screen)
        words = " ".join(f"word{n}" for n in range(60))
        assert prompt.subject == f"echo {words} && mkfifo pipe"
        assert prompt.complete
    assert "x" * 150 + " word0 " in prompt_of(BY_NAME["wide_100"].screen).subject


def test_lines_that_may_be_cut_are_missing_where_nothing_else_tells_them() -> None:
    for name in ("wideadd_100", "wideadd_62", "bigadd_100", "bigadd_62", "tall_100", "tall_62"):
        prompt = prompt_of(BY_NAME[name].screen)
        with pytest.raises(Refused, match="off the screen"):
            goal(prompt, Decision(Verdict.APPROVE))
        assert key(prompt, Verdict.DENY).words == "Esc"


def test_a_description_is_no_part_of_the_command() -> None:
    prompt = asked("  ? Shell ls (then (rm -rf x) ...) ←", "", "     ls")
    assert (prompt.subject, prompt.complete) == ("ls", True)


def test_a_line_that_says_less_than_the_preview_is_not_believed() -> None:
    prompt = asked("  ? Shell ls (List) ←", "", "     ls; rm -rf build")
    assert not prompt.complete
    assert "rm -rf build" in "\n".join(prompt.body)


def test_an_always_that_changes_the_mode_is_none() -> None:
    prompt = prompt_of(BY_NAME["add_100"].screen)
    with pytest.raises(Refused, match="no “always”"):
        goal(prompt, Decision(Verdict.ALWAYS))
    assert prompt.choices[1].role is Role.ALLOW_AND_CHANGE_MODE


def test_a_grant_that_is_cut_off_is_no_always() -> None:
    with pytest.raises(Refused, match="no “always”"):
        goal(prompt_of(BY_NAME["posing_100"].screen), Decision(Verdict.ALWAYS))


def test_boxes_are_ticked_by_a_blank_and_sent_by_enter() -> None:
    prompt = prompt_of(BY_NAME["askmulti_100"].screen)
    assert key(prompt, Verdict.CHOOSE, numbers=(1,)).data == b" "
    ticked = prompt_of(BY_NAME["asktwo_ticked_100"].screen)
    assert key(ticked, Verdict.CHOOSE, numbers=(1,)).words == "Enter"
    assert key(ticked, Verdict.CHOOSE, numbers=(1,)).deciding


def test_enter_sends_no_boxes_from_the_row_for_own_words() -> None:
    ticked = prompt_of(BY_NAME["asktwo_ticked_100"].screen)
    moved = tuple(replace(row, selected=row.role is Role.OTHER) for row in ticked.choices)
    with pytest.raises(Refused, match="caret is on no box"):
        key(replace(ticked, choices=moved), Verdict.CHOOSE, numbers=(1,))


def test_a_question_that_draws_boxes_of_its_own_is_not_taken_apart() -> None:
    rows = (
        "  ? AskUserQuestion Ask user 1 question ←",
        "",
        f"   {POINTS} [ ] 1. Delete nothing",
        "",
        f"   {POINTS} [ ] 1. Delete all",
        "     [ ] 2. Type something...",
        "",
        "   ↑/↓: Navigate | Space: Toggle | Enter: Confirm | Esc: Cancel",
        "",
        WAITS,
    )
    assert prompt_of(Screen(rows, RUNNING)).kind is Kind.UNREADABLE


def test_a_dialog_that_somebody_says_is_none() -> None:
    lines = BY_NAME["cmd_100"].screen.trimmed()
    at = prompt_of(BY_NAME["cmd_100"].screen).span[0]
    said = ("  ◆︎ Look:", *(f"  {row}" for row in lines[at:]), *FOOT)
    assert AGENT.read_screen(Screen(said, RUNNING)).state is State.IDLE
    unmarked = (*lines[at:-1], f"  {WAITS}")
    assert AGENT.read_screen(Screen(unmarked, RUNNING)).state is State.NONE


def test_the_scroll_bar_that_comes_and_goes_is_no_part_of_a_dialog() -> None:
    barred, clear = (prompt_of(BY_NAME[name].screen) for name in ("scrolled_100", "fetch_100"))
    assert same_dialog(barred, clear, goal(barred, Decision(Verdict.APPROVE)))
    assert "█" not in "\n".join(barred.body)


def test_what_stands_below_the_rows_and_is_not_known_makes_it_unreadable() -> None:
    lines = BY_NAME["cmd_100"].screen.trimmed()
    odd = (*lines[:-1], "something new", lines[-1])
    assert prompt_of(Screen(odd, RUNNING)).kind is Kind.UNREADABLE


def test_what_a_person_types_is_a_draft() -> None:
    rows = ("─" * 100, "> Type your message or @path/to/file", "─" * 100, "  ➜ ferry")
    assert AGENT.read_screen(Screen(rows, RUNNING)).composer is Composer.DRAFT
    fresh = AGENT.read_screen(Screen(FOOT, RUNNING))
    assert (fresh.state, fresh.composer) == (State.IDLE, Composer.EMPTY)


def test_its_own_idea_of_what_to_say_is_no_draft() -> None:
    screen = BY_NAME["ghost_100"].screen
    plain = AGENT.read_screen(replace(screen, ansi=None))
    assert (plain.composer, plain.wants_colours) == (Composer.DRAFT, True)
    seen = AGENT.read_screen(screen)
    assert (seen.composer, seen.draft, seen.wants_colours) == (Composer.EMPTY, "", False)
    taken = AGENT.read_screen(BY_NAME["ghost_taken_100"].screen)
    assert (taken.composer, taken.draft) == (Composer.DRAFT, "run the tests")


def test_a_title_that_waits_over_an_unknown_screen_is_something_that_waits() -> None:
    pane = PaneFacts(command="node", title="✳︎ Qwen - ferry")
    assert AGENT.read_screen(Screen.of("half a redraw", pane)).state is State.UNREADABLE
    assert AGENT.read_screen(Screen.of("$", replace(pane, command="bash"))).state is State.SHELL


@settings(max_examples=60)
@given(
    st.lists(st.text(st.sampled_from(f"ab {MARK}{POINTS}1.2│╭╰─?←[]⠏"), max_size=30), max_size=30)
)
def test_any_screen_has_a_reading(rows: list[str]) -> None:
    screen = Screen.of("\n".join([*rows, WAITS]), RUNNING)
    assert AGENT.read_screen(screen).agent == "qwen"
    assert AGENT.vitals(screen) is not None
