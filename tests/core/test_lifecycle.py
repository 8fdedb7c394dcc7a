import itertools

import pytest

from bot.core.agent import State
from bot.core.errors import IllegalTransition
from bot.core.lifecycle import TABLE, Phase, advance, seen_as

STEPS = {
    "starting": "starting idle working waiting shell ended",
    "idle": "idle working waiting shell ended",
    "working": "idle working waiting shell ended",
    "waiting": "idle working waiting shell ended",
    "shell": "idle working waiting shell ended",
    "ended": "ended",
}

LEGAL = {(before, after) for before, afters in STEPS.items() for after in afters.split()}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Phase, Phase)))
def test_every_pair_of_phases(before: Phase, after: Phase) -> None:
    if (before.value, after.value) in LEGAL:
        assert advance(before, after) is after
        return
    with pytest.raises(IllegalTransition, match=rf"{before} cannot become {after}"):
        advance(before, after)


def test_a_refused_step_leaves_the_table_as_it_was() -> None:
    before = {phase: set(afters) for phase, afters in TABLE.items()}
    with pytest.raises(IllegalTransition):
        advance(Phase.ENDED, Phase.IDLE)
    assert before == {phase: set(afters) for phase, afters in TABLE.items()}


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("approval", "waiting"),
        ("question", "waiting"),
        ("plan", "waiting"),
        ("trust", "waiting"),
        ("menu", "waiting"),
        ("unreadable", "waiting"),
        ("working", "working"),
        ("idle", "idle"),
        ("shell", "shell"),
        ("none", "shell"),
        ("login", "idle"),
        ("dead", "ended"),
    ],
)
def test_what_a_state_is_told_as(state: str, phase: str) -> None:
    assert seen_as(Phase.WORKING, State(state)) is Phase(phase)


def test_every_state_is_told_as_something() -> None:
    assert all(isinstance(seen_as(Phase.IDLE, state), Phase) for state in State)


@pytest.mark.parametrize("state", [State.SHELL, State.NONE])
def test_a_shell_is_no_news_while_the_agent_starts(state: State) -> None:
    assert seen_as(Phase.STARTING, state) is Phase.STARTING
    assert seen_as(Phase.IDLE, state) is Phase.SHELL


@pytest.mark.parametrize("state", [state for state in State if state is not State.DEAD])
def test_nothing_is_seen_of_what_has_ended(state: State) -> None:
    with pytest.raises(IllegalTransition):
        seen_as(Phase.ENDED, state)
