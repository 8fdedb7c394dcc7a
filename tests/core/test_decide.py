from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.agent import State
from bot.core.approvals import Happening
from bot.core.decide import decide
from bot.core.effects import ClosePrompt, Effect, OpenPrompt
from bot.core.errors import IllegalTransition
from bot.core.lifecycle import Phase
from bot.core.prompts import Choice, Kind, Role
from tests.support.playbook import (
    ALWAYS,
    NO,
    NOON,
    YES,
    EventAt,
    Playbook,
    becomes,
    closes,
    opens,
    prompt,
    reports,
    says,
    sees,
    session,
    vanishes,
)

BUILD = prompt("npm run build")
IDLE, WORKING, WAITING, ENDED = Phase.IDLE, Phase.WORKING, Phase.WAITING, Phase.ENDED


def test_a_prompt_opens_one_card_and_closes_when_it_leaves() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build", epoch=0) >> becomes(WAITING, before=WORKING)
    play << sees(State.IDLE) >> closes(1, Happening.LEFT_SCREEN) >> becomes(IDLE)
    assert (play.done().fingerprint, play.done().prompt, play.done().epoch) == (None, None, 1)


@pytest.mark.parametrize(
    ("agent", "how"),
    [("claude", Happening.AGENT_LEFT), ("generic", Happening.LEFT_SCREEN)],
)
def test_an_agent_that_left_at_its_dialog_was_not_answered(agent: str, how: Happening) -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play = Playbook(replace(play.done(), agent=agent))
    play << sees(State.SHELL) >> closes(1, how) >> becomes(Phase.SHELL)
    assert play.done().prompt is None


def test_the_same_prompt_a_hundred_times_is_one_card() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    for _ in range(100):
        play << sees(BUILD)
    assert len(play.opened) == 1
    assert play.done().epoch == 0


def test_highlight_and_place_on_the_screen_make_no_new_card() -> None:
    moved = replace(
        BUILD,
        choices=(replace(YES, selected=False, rows=(7,)), ALWAYS, replace(NO, selected=True)),
        span=(3, 9),
    )
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play << sees(moved)
    play.done()


def test_the_same_question_asked_again_is_a_new_prompt() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build", epoch=0) >> becomes(WAITING)
    play << sees(State.WORKING) >> closes(1, Happening.LEFT_SCREEN) >> becomes(WORKING)
    play << sees(BUILD) >> opens("npm run build", epoch=1) >> becomes(WAITING)
    play.done()


def test_another_prompt_in_its_place_replaces_it() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build", epoch=0) >> becomes(WAITING)
    play << sees(prompt("rm -rf dist")) >> closes(1, Happening.REPLACED) >> opens("rm -rf dist", 1)
    play.done()


def test_a_prompt_whose_row_was_let_go_is_opened_again() -> None:
    """After a refusal the dialog still stands: the person gets a new card, with a new epoch."""
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build", epoch=0) >> becomes(WAITING)
    play.session = replace(play.session, prompt=None)
    play << sees(BUILD) >> opens("npm run build", epoch=1)
    play.done()


def test_a_menu_is_no_prompt_and_what_it_covers_has_left() -> None:
    menu = prompt("Select model", kind=Kind.MENU)
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play << sees(menu) >> closes(1, Happening.LEFT_SCREEN)
    play << sees(menu)
    play << sees(BUILD) >> opens("npm run build", epoch=1)
    play.done()


def test_typing_into_its_field_is_no_new_prompt() -> None:
    """A person at the terminal writes into "No, and tell …": not a card for each letter."""

    def typed(text: str) -> Choice:
        return Choice(3, f"No, {text}", Role.DENY, selected=True)

    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    for text in ("u", "us", "use yarn"):
        play << sees(replace(BUILD, typing=True, choices=(YES, ALWAYS, typed(text))))
    play << sees(State.WORKING) >> closes(1, Happening.LEFT_SCREEN) >> becomes(WORKING)
    play.done()


def test_a_dialog_of_another_kind_is_told_even_while_somebody_types() -> None:
    plan = prompt("Step 1", kind=Kind.PLAN, typing=True)
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play << sees(plan) >> closes(1, Happening.REPLACED) >> opens("Step 1", epoch=1)
    play.done()


def test_a_dialog_first_seen_while_somebody_types_is_told() -> None:
    play = Playbook(session()) << sees(replace(BUILD, typing=True))
    play >> opens("npm run build") >> becomes(WAITING)
    play.done()


def test_a_signal_is_reported_once() -> None:
    done = says("DONE", "tests pass")
    play = Playbook(session(IDLE))
    play << sees(State.IDLE, done) >> reports("DONE", "tests pass")
    for _ in range(10):
        play << sees(State.IDLE, done)
    play << sees(State.IDLE, done, says("HELP", "which?")) >> reports("HELP", "which?")
    play.done()


def test_the_next_done_that_reads_like_the_last_is_reported_too() -> None:
    play = Playbook(session(IDLE))
    first = replace(says("DONE"), asked="fixthebug")
    play << sees(State.IDLE, first) >> reports("DONE")
    play << sees(State.WORKING, replace(first, earlier=True)) >> becomes(WORKING)
    second = replace(says("DONE"), asked="addtests")
    both = (replace(first, earlier=True), second)
    play << sees(State.IDLE, *both) >> reports("DONE") >> becomes(IDLE)
    play << sees(State.IDLE, *both)
    play << sees(State.IDLE)
    play << sees(State.IDLE, second)
    play.done()


def test_the_next_done_whose_task_is_out_of_sight() -> None:
    play = Playbook(session(IDLE))
    play << sees(State.IDLE, says("DONE")) >> reports("DONE")
    play << sees(State.WORKING) >> becomes(WORKING)
    play << sees(State.IDLE, says("DONE")) >> reports("DONE") >> becomes(IDLE)
    play.done()


def test_a_screen_that_looks_idle_for_a_moment_begins_no_new_turn() -> None:
    play = Playbook(session())
    play << sees(State.WORKING, says("PROGRESS", "50")) >> reports("PROGRESS", "50")
    play << sees(State.IDLE, says("PROGRESS", "50")) >> becomes(IDLE)
    play << sees(State.WORKING, says("PROGRESS", "50")) >> becomes(WORKING)
    play << sees(State.WORKING, says("PROGRESS", "50"))
    play.done()


def test_a_screen_cleared_and_drawn_again_says_nothing_new() -> None:
    play = Playbook(session(IDLE))
    play << sees(State.IDLE, says("DONE")) >> reports("DONE")
    play << sees(State.IDLE)
    play << sees(State.IDLE, says("DONE"))
    play.done()


def test_signals_on_the_first_look_are_old_news() -> None:
    play = Playbook(session(IDLE))
    yesterday = says("DONE", "yesterday")
    play << sees(State.IDLE, yesterday, stood=[yesterday])
    play << sees(State.IDLE, says("DONE", "yesterday"), says("DONE", "now"))
    play >> reports("DONE", "now")
    play.done()


def test_what_comes_between_the_first_sight_and_the_first_look_is_news() -> None:
    play = Playbook(session(IDLE))
    yesterday = says("DONE", "yesterday")
    play << sees(State.IDLE, yesterday, says("DONE", "now"), stood=[yesterday])
    play >> reports("DONE", "now")
    play.done()


def test_what_a_resize_brings_back_is_old_news() -> None:
    play = Playbook(session(Phase.SHELL))
    play << sees(State.SHELL, says("DONE")) >> reports("DONE")
    play << sees(State.SHELL)
    play << sees(
        State.SHELL,
        says("HELP", "long ago"),
        says("DONE"),
        stood=[says("HELP", "long ago"), says("DONE")],
    )
    play << sees(State.SHELL)
    play << sees(State.SHELL, says("DONE")) >> reports("DONE")
    play.done()


def test_what_has_scrolled_by_may_be_printed_again() -> None:
    play = Playbook(session(Phase.SHELL))
    play << sees(State.SHELL, says("DONE"), visible=()) >> reports("DONE")
    play << sees(State.SHELL, says("DONE")) >> reports("DONE")
    play << sees(State.SHELL, says("DONE"), says("HELP", "x"), visible=(says("HELP", "x"),))
    play >> reports("HELP", "x")
    play << sees(State.SHELL, says("DONE"), unsure=True)
    play << sees(State.SHELL)
    play << sees(State.SHELL, says("DONE")) >> reports("DONE")
    play.done()


def test_they_are_old_news_under_a_dialog_too() -> None:
    play = Playbook(session(IDLE))
    yesterday = says("DONE", "yesterday")
    play << sees(BUILD, yesterday, stood=[yesterday])
    play >> opens("npm run build") >> becomes(WAITING)
    play << sees(State.IDLE, says("DONE", "yesterday"))
    play >> closes(1, Happening.LEFT_SCREEN) >> becomes(IDLE)
    play.done()


@pytest.mark.parametrize("kind", Kind)
def test_a_dialog_over_a_signal_does_not_make_it_new(kind: Kind) -> None:
    covered = Playbook(session(IDLE)) << sees(State.IDLE, says("DONE")) >> reports("DONE")
    covered.session, _ = decide(covered.session, sees(prompt("x", kind=kind))(NOON))
    _, effects = decide(covered.session, sees(State.IDLE, says("DONE"))(NOON))
    assert not [effect for effect in effects if "Signal" in type(effect).__name__]


def test_a_pane_that_vanishes_takes_its_prompt_along() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play << vanishes("its pane is gone") >> closes(1, Happening.PANE_GONE)
    play >> becomes(ENDED, before=WAITING, reason="its pane is gone")
    play << vanishes("again")
    assert play.done().epoch == 1


def test_a_dead_program_ends_the_session() -> None:
    play = Playbook(session())
    play << sees(BUILD) >> opens("npm run build") >> becomes(WAITING)
    play << sees(State.DEAD) >> closes(1, Happening.PANE_GONE)
    play >> becomes(ENDED, reason="its program has ended")
    play.done()


def test_an_ended_session_cannot_be_seen_again() -> None:
    ended = session(ENDED)
    with pytest.raises(IllegalTransition):
        decide(ended, sees(State.IDLE)(NOON))


def test_starting_lasts_until_the_agent_shows() -> None:
    play = Playbook(session(Phase.STARTING))
    play << sees(State.SHELL)
    play << sees(State.NONE)
    play << sees(State.IDLE) >> becomes(IDLE, before=Phase.STARTING)
    play << sees(State.SHELL) >> becomes(Phase.SHELL)
    play.done()


def test_the_age_of_a_state_counts_from_its_change() -> None:
    play = Playbook(session()) << sees(State.IDLE) >> becomes(IDLE)
    began = play.at
    play << sees(State.IDLE)
    assert play.done().state_since == began
    play << sees(State.WORKING) >> becomes(WORKING)
    assert play.done().state_since == play.at


_SIGHTS = st.lists(
    st.sampled_from(
        [
            sees(BUILD),
            sees(prompt("rm -rf dist")),
            sees(prompt("Select model", kind=Kind.MENU)),
            sees(replace(BUILD, typing=True)),
            sees(State.IDLE, says("DONE")),
            sees(State.WORKING),
            sees(prompt("", kind=Kind.UNREADABLE)),
        ]
    ),
    max_size=30,
)


@given(_SIGHTS)
def test_every_prompt_is_closed_before_the_next_opens(sights: list[EventAt]) -> None:
    play = Playbook(session())
    effects: list[Effect] = []
    for sight in sights:
        play.session, now = decide(play.session, sight(NOON))
        effects += now
        if any(isinstance(effect, OpenPrompt) for effect in now):
            row = f"prompt-{sum(isinstance(effect, OpenPrompt) for effect in effects)}"
            play.session = replace(play.session, prompt=row)  # type: ignore[arg-type]
    ledger = [e for e in effects if isinstance(e, OpenPrompt | ClosePrompt)]
    assert all(isinstance(e, OpenPrompt) for e in ledger[::2])
    assert all(isinstance(e, ClosePrompt) for e in ledger[1::2])
    epochs = [e.epoch for e in ledger if isinstance(e, OpenPrompt)]
    assert epochs == sorted(set(epochs))
