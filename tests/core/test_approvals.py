import itertools

import pytest

from bot.core.approvals import LIVE, TABLE, Happening, PromptState, step
from bot.core.errors import IllegalTransition

STEPS = """
open        decide       decided
open        left_screen  answered_locally
open        replaced     superseded
open        pane_gone    gone
open        expire       expired
open        withdrawn    gone
open        agent_left   gone
decided     attempt      attempting
decided     refuse       refused
decided     pane_gone    gone
attempting  pressed      applied
attempting  refuse       refused
attempting  lose         unknown
attempting  retry        decided
applied     left_screen  confirmed
applied     replaced     confirmed
applied     pane_gone    confirmed
applied     agent_left   confirmed
"""

LEGAL = {(state, what): to for state, what, to in map(str.split, STEPS.strip().splitlines())}


@pytest.mark.parametrize(("state", "what"), list(itertools.product(PromptState, Happening)))
def test_every_pair_of_state_and_happening(state: PromptState, what: Happening) -> None:
    after = LEGAL.get((state.value, what.value))
    if after is not None:
        assert step(state, what) is PromptState(after)
        return
    before = {known: dict(steps) for known, steps in TABLE.items()}
    with pytest.raises(IllegalTransition, match=rf"that is {state} cannot {what}"):
        step(state, what)
    assert before == TABLE


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(TABLE) == set(PromptState)
    reached = {PromptState.OPEN} | {to for steps in TABLE.values() for to in steps.values()}
    assert reached == set(PromptState)


def test_a_prompt_is_decided_once() -> None:
    """Only an open one can be decided, and there is no way back to open."""
    assert [state for state, steps in TABLE.items() if Happening.DECIDE in steps] == ["open"]
    assert not any(PromptState.OPEN in steps.values() for steps in TABLE.values())


def test_a_key_counts_only_after_an_attempt() -> None:
    assert [state for state, steps in TABLE.items() if Happening.PRESSED in steps] == [
        "attempting"
    ]


def test_silence_decides_nothing() -> None:
    assert step(PromptState.OPEN, Happening.EXPIRE) is PromptState.EXPIRED
    assert TABLE[PromptState.EXPIRED] == {}


def test_a_prompt_that_holds_its_pane_can_still_be_pressed() -> None:
    assert {"open", "decided", "attempting"} == LIVE
