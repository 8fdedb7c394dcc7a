from __future__ import annotations

import pytest

from bot.core.errors import IllegalTransition
from bot.core.stages import KEPT, TABLE, Stage, Step, step, stepped
from tests.support.playbook import NOON

LEGAL = {(stage, to) for stage, following in TABLE.items() for to in following}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("to", Stage)
def test_every_step_is_in_the_table_or_raises_and_changes_nothing(stage: Stage, to: Stage) -> None:
    history = (Step(1, stage),)
    if (stage, to) in LEGAL:
        assert step(stage, to) is to
        assert stepped(history, to, "why", NOON)[-1].stage is to
        return
    with pytest.raises(IllegalTransition):
        step(stage, to)
    with pytest.raises(IllegalTransition):
        stepped(history, to, "why", NOON)
    assert history == (Step(1, stage),)


def test_nothing_begins_anew_but_what_was_gone() -> None:
    assert {stage for stage, to in LEGAL if to is Stage.SPAWNED} == {Stage.CLEANED}


def test_a_history_stays_short() -> None:
    history: tuple[Step, ...] = ()
    for _ in range(KEPT):
        history = stepped(history, Stage.WORKING, "", NOON)
        history = stepped(history, Stage.DONE, "x" * 1000, NOON)
    assert len(history) == KEPT
    assert len(history[-1].why) == 200
