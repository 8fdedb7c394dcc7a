"""How far a session has come, in the words other tools use: this table and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.errors import IllegalTransition


class Stage(StrEnum):
    SPAWNED = "spawned"
    """There, and nothing asked of it yet."""
    WORKING = "working"
    WAITING_INPUT = "waiting_input"
    """A dialog is open, or it said that it needs a person."""
    DONE = "done"
    """It said so, or its turn is over."""
    ERROR = "error"
    """It said so, or it broke off."""
    CLEANED = "cleaned"
    """Its pane or program is gone."""


TABLE: dict[Stage, frozenset[Stage]] = {
    Stage.SPAWNED: frozenset(Stage) - {Stage.SPAWNED},
    Stage.WORKING: frozenset(Stage) - {Stage.WORKING, Stage.SPAWNED},
    Stage.WAITING_INPUT: frozenset(Stage) - {Stage.WAITING_INPUT, Stage.SPAWNED},
    Stage.DONE: frozenset(Stage) - {Stage.DONE, Stage.SPAWNED},
    Stage.ERROR: frozenset(Stage) - {Stage.ERROR, Stage.SPAWNED},
    # Only a pane that was lost sight of comes back.
    Stage.CLEANED: frozenset({Stage.SPAWNED}),
}

KEPT = 40
"""Steps of one session that are remembered."""


@dataclass(frozen=True, slots=True)
class Step:
    at: int
    """Milliseconds since 1970."""
    stage: Stage
    why: str = ""
    """For a person to read; it may quote the agent."""


def step(stage: Stage, to: Stage) -> Stage:
    """The new stage. Raises IllegalTransition when the table does not have the step."""
    if to not in TABLE[stage]:
        raise IllegalTransition(f"a session that is {stage} cannot become {to}")
    return to


def stepped(history: tuple[Step, ...], stage: Stage, why: str, at: datetime) -> tuple[Step, ...]:
    """The history with one more step. Raises IllegalTransition."""
    if history:
        step(history[-1].stage, stage)
    return (*history, Step(int(at.timestamp() * 1000), stage, why[:200]))[-KEPT:]
