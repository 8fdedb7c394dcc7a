from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.opencode import AGENT, PANEL_ROWS
from bot.core.agent import Composer, State
from bot.core.prompts import ANSWERABLE, Kind, Prompt, Role, fingerprint
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens

SCREENS = golden_screens("opencode")
BY_NAME = {golden.name: golden for golden in SCREENS}
DIALOGS = [g for g in SCREENS if g.expected["state"] in {kind.value for kind in ANSWERABLE}]
RUNNING = PaneFacts(command="opencode")


AMONG_CALLS = {"mcp_two_100"}
"""Which of several calls of one tool is asked about is told by colours only."""


def prompt_of(screen: Screen) -> Prompt:
    prompt = AGENT.read_screen(screen).prompt
    assert prompt is not None
    return prompt


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    check(AGENT.read_screen(golden.screen), golden)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_without_colours_it_is_not_known_which_answer_enter_takes(golden: Golden) -> None:
    coloured, bare = prompt_of(golden.screen), prompt_of(golden.bare)

    if golden.name not in AMONG_CALLS:
        assert fingerprint(coloured) == fingerprint(bare)
    if len(coloured.choices) > 1:
        assert coloured.selected is not None
        assert bare.selected is None


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_says_where_a_dialog_stands(golden: Golden) -> None:
    screen = golden.screen
    prompt = prompt_of(screen)
    first, end = prompt.span

    assert all(row.lstrip().startswith("┃") for row in screen.rows[first:end])
    for choice in prompt.choices:
        assert all(first <= row < end for row in choice.rows)
        shown = " ".join(screen.rows[row] for row in choice.rows).casefold()
        word = "tab" if choice.by_tab else choice.label.split()[0].casefold()
        assert word in shown or choice.role is Role.FEEDBACK


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_claims_its_own_screens_by_their_look(golden: Golden) -> None:
    assert AGENT.claims(golden.bare) == (golden.expected["state"] != "dead")


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_a_dialog_with_anything_below_it_is_none(golden: Golden) -> None:
    below = Screen((*golden.screen.trimmed(), "dev@box:~/shop$"), RUNNING)

    assert AGENT.read_screen(below).prompt is None


def test_a_dialog_that_a_shell_or_a_pager_shows_is_none() -> None:
    golden = BY_NAME["bash_120"]
    for command in ("bash", "less", "vim", "cat"):
        pane = replace(golden.screen.pane, command=command)

        assert AGENT.read_screen(replace(golden.screen, pane=pane)).state is State.SHELL


def test_under_a_wrapper_the_title_tells_whose_it_is() -> None:
    golden = BY_NAME["bash_120"]
    wrapped = replace(golden.screen, pane=PaneFacts(command="ssh", title="OC | Fix the tests"))
    other = replace(golden.screen, pane=PaneFacts(command="ssh", title="notes"))

    assert AGENT.read_screen(wrapped).state is State.APPROVAL
    assert AGENT.read_screen(other).state is State.SHELL


def panel(*lines: str, bar: str = "  Allow once   Allow always   Reject  ⇆ select") -> Screen:
    title = ("", "  △ Permission required", "    # Shell command", "")
    rows = (*title, *(f"  {line}" for line in lines), "", "", bar, "")
    return Screen.of("\n".join(f"  ┃{row}" for row in rows), RUNNING)


@pytest.mark.parametrize(
    "heading",
    [
        "# Shell command",
        "→ Read",
        '✱ Glob ""',
        '✱ Grep ""',
        "% WebFetch",
        '◈ Exa Web Search ""',
        "# Unknown Task",
    ],
)
def test_what_is_asked_about_may_come_a_frame_later_than_the_question(heading: str) -> None:
    shown = panel()
    rows = [row.replace("# Shell command", heading) for row in shown.rows]
    prompt = prompt_of(replace(shown, rows=tuple(rows)))

    assert prompt.kind is Kind.APPROVAL
    assert not prompt.complete


@pytest.mark.parametrize("line", ["△ Permission required", "  # Shell command", "mkfifo two"])
def test_a_row_that_is_no_command_is_never_taken_for_one(line: str) -> None:
    """A panel that grows is drawn over the one before, from its top."""
    prompt = prompt_of(panel(line))

    assert (prompt.subject, prompt.complete) == ("", False)


def test_a_tool_without_arguments_may_be_one_whose_arguments_are_not_drawn_yet() -> None:
    whole = BY_NAME["mcp_two_100"].screen
    assert not AGENT.read_screen(whole).early
    row = next(row for row in whole.rows if "[name=second]" in row)
    rows = tuple(row.replace(" [name=second]", "") for row in whole.rows)
    ansi = tuple(row.replace(" [name=second]", "") for row in whole.ansi or ())
    reading = AGENT.read_screen(replace(whole, rows=rows, ansi=ansi))

    assert reading.early
    assert reading.prompt is not None
    assert (reading.prompt.subject, reading.prompt.complete) == (row.split()[1], True)


def test_what_fills_the_panel_may_go_on_out_of_sight() -> None:
    most = PANEL_ROWS - len(panel().trimmed())
    short = [f"echo {number}" for number in range(most)]

    assert prompt_of(panel("$ true", *short[2:])).complete
    assert not prompt_of(panel("$ true", *short[1:])).complete
    assert not prompt_of(panel("$ true", *short[2:], "")).complete


@pytest.mark.parametrize(
    "bar",
    [
        "   Allow once   Allow everything   Reject  ⇆ select",
        "   Allow once   Allow always   Reject",
        "   Allow once   Allow always  ⇆ select",
        "   ⇆ select  enter confirm",
    ],
)
def test_other_answers_make_it_unreadable(bar: str) -> None:
    assert AGENT.read_screen(panel("$ true", bar=bar)).state is State.UNREADABLE


def test_an_unknown_panel_waits_but_is_not_understood() -> None:
    rows = "  ┃\n  ┃  △ Something new\n  ┃\n  ┃   Yes   No   ⇆ select  enter confirm\n  ┃"
    reading = AGENT.read_screen(Screen.of(rows, RUNNING))

    assert reading.state is State.UNREADABLE
    assert reading.prompt is not None
    assert not reading.prompt.choices


def test_a_box_that_runs_what_is_typed_is_never_empty() -> None:
    reading = AGENT.read_screen(BY_NAME["shellmode_typed_120"].screen)
    assert reading.shell

    assert (reading.composer, reading.draft) == (Composer.DRAFT, "! ls")


@settings(deadline=None)
@given(st.text(alphabet="┃╹▀△ \n1.Aesc⇆•OpenCode$", max_size=400))
def test_any_text_gives_a_reading(text: str) -> None:
    assert AGENT.read_screen(Screen.of(text, RUNNING)).agent == "opencode"
    AGENT.claims(Screen.of(text))


def bottom_of(name: str) -> tuple[str, ...]:
    return BY_NAME[name].screen.trimmed()[-AGENT.busy_rows :]


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_the_busy_line_is_there_while_it_works_and_never_beside_a_dialog(golden: Golden) -> None:
    """In a narrow pane its "esc interrupt" is on two lines, or cut off."""
    found = any(re.search(AGENT.busy_line, row) for row in bottom_of(golden.name))
    assert found == (golden.expected["state"] == "working")


def test_it_says_when_it_wants_a_second_escape() -> None:
    def wants(name: str) -> bool:
        return bool(re.search(AGENT.again_line, " ".join(" ".join(bottom_of(name)).split())))

    assert wants("interrupt_once_120")
    assert not wants("working_120")
    assert not wants("working_50")
