from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.aider import AGENT
from bot.core.agent import Composer, State
from bot.core.answering import goal, next_step
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import ANSWERABLE, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens

SCREENS = golden_screens("aider")
BY_NAME = {golden.name: golden for golden in SCREENS}
DIALOGS = [g for g in SCREENS if g.expected["state"] in {kind.value for kind in ANSWERABLE}]
MEANING = {"y": True, "a": True, "n": False, "s": False, "d": False}
"""What ``confirm_ask`` of io.py (0.86.2) makes of a first letter."""
ASKED = "Run shell command? (Y)es/(N)o/(D)on't ask again [Yes]:"


def prompt_of(screen: Screen) -> Prompt:
    prompt = AGENT.read_screen(screen).prompt
    assert prompt is not None
    return prompt


@pytest.mark.parametrize("golden", SCREENS, ids=lambda golden: golden.name)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    check(AGENT.read_screen(golden.screen), golden)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_every_answer_means_what_aider_makes_of_its_word(golden: Golden) -> None:
    for choice in prompt_of(golden.screen).choices:
        says_yes = choice.role in (Role.ALLOW_ONCE, Role.ALLOW_ALWAYS, Role.ACCEPT)
        assert MEANING[choice.word] == says_yes
        assert choice.label.casefold().startswith(choice.word)


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_always_is_never_the_row_that_means_no(golden: Golden) -> None:
    prompt = prompt_of(golden.screen)
    has_all = "(A)ll" in "".join(golden.screen.rows[prompt.span[0] : prompt.span[1]])
    if prompt.typed:
        return
    if has_all:
        aim = goal(prompt, Decision(Verdict.ALWAYS))
        assert next_step(aim, prompt, AGENT.keys).data == b"a"
    else:
        with pytest.raises(Refused, match="offers no"):
            goal(prompt, Decision(Verdict.ALWAYS))
    aim = goal(prompt, Decision(Verdict.DENY))
    assert next_step(aim, prompt, AGENT.keys).data == b"n"


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_a_question_with_anything_below_it_is_answered(golden: Golden) -> None:
    rows = golden.screen.trimmed()
    below = replace(golden.screen, rows=(*rows, "", "Running it"))

    assert AGENT.read_screen(below).prompt is None


@pytest.mark.parametrize("golden", DIALOGS, ids=lambda golden: golden.name)
def test_a_question_without_the_cursor_behind_it_is_text(golden: Golden) -> None:
    away = replace(golden.screen, pane=replace(golden.screen.pane, cursor_y=0, cursor_x=0))

    assert AGENT.read_screen(away).prompt is None


def test_a_command_of_several_lines_is_whole_only_where_its_colours_tell() -> None:
    golden = BY_NAME["rungroup_100"]
    bare = AGENT.read_screen(golden.bare)

    assert bare.wants_colours
    assert bare.prompt is not None
    assert not bare.prompt.complete


def test_what_it_would_write_must_still_be_on_the_screen() -> None:
    screen = BY_NAME["create_100"].screen
    rows = screen.trimmed()
    cut = Screen(rows[-4:], PaneFacts("aider", cursor_x=len(rows[-1]) + 1, cursor_y=3))

    assert prompt_of(screen).complete
    assert not prompt_of(cut).complete


def test_what_was_typed_behind_a_question_is_seen() -> None:
    rows = ("", "make release", f"{ASKED} ye")
    prompt = prompt_of(Screen(rows, PaneFacts("aider", cursor_x=len(rows[-1]), cursor_y=2)))

    assert (prompt.typed, prompt.typing) == ("ye", True)


@pytest.mark.parametrize(
    "text",
    [
        "Run shell command? (Y)es/(N)o/(D)on't ask again",
        "Run shell command? (N)o/(Y)es [Yes]:",
        "Run shell command? (Y)es/(N)o/(X)tra [Yes]:",
        f"see: {ASKED} for more",
    ],
)
def test_what_only_resembles_a_question(text: str) -> None:
    rows = ("", "make release", text)
    facts = PaneFacts("aider", cursor_x=len(text) + 1, cursor_y=2)
    prompt = AGENT.read_screen(Screen(rows, facts)).prompt

    assert prompt is None or prompt.typed


def test_an_interpreter_is_taken_for_it_only_by_its_look() -> None:
    facts = PaneFacts("python3", cursor_x=4, cursor_y=0)

    assert not AGENT.claims(Screen((">>> ",), facts))
    assert AGENT.read_screen(Screen((">>> ",), facts)).state is State.SHELL
    assert AGENT.claims(BY_NAME["run_100"].screen)
    assert not AGENT.claims(replace(BY_NAME["run_100"].screen, pane=PaneFacts("less")))
    assert not AGENT.claims(Screen((*BY_NAME["said_60"].screen.trimmed(), "dev@box:~/shop$")))


def test_a_draft_of_several_lines() -> None:
    rows = ("─" * 60, "src/app.py", "diff multi> first", "diff multi> second")
    reading = AGENT.read_screen(Screen(rows, PaneFacts("aider", cursor_x=6, cursor_y=3)))

    assert (reading.composer, reading.draft) == (Composer.DRAFT, "first\nsecond")


@settings(deadline=None)
@given(st.text(alphabet="─> \n(Y)es/No[]:?Rdiff░█", max_size=300))
def test_any_text_gives_a_reading(text: str) -> None:
    assert AGENT.read_screen(Screen.of(text, PaneFacts("aider"))).agent == "aider"
    AGENT.claims(Screen.of(text))


def test_without_a_key_it_wants_a_login_which_is_no_question_to_answer() -> None:
    screen = BY_NAME["login_100"].screen

    reading = AGENT.read_screen(screen)

    assert (reading.state, reading.prompt) == (State.LOGIN, None)
    assert AGENT.vitals(screen).halted.startswith("no key for any model")
    assert AGENT.vitals(Screen.of("Login to OpenRouter is what it said.")).halted == ""


def test_a_draft_that_is_taller_than_the_pane_is_one() -> None:
    rows = (*(f"diff> line {number}" for number in range(12)), "diff>")
    reading = AGENT.read_screen(Screen(rows, PaneFacts(command="aider")))
    assert (reading.state, reading.composer) == (State.IDLE, Composer.DRAFT)
    assert reading.draft.startswith("line 0\nline 1\n")
    few = AGENT.read_screen(Screen(rows[-3:], PaneFacts(command="aider")))
    assert few.composer is Composer.ABSENT
