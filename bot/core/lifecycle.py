"""The states of a session and the steps between them: this table and nothing else."""

from __future__ import annotations

from enum import StrEnum

from bot.core.agent import State
from bot.core.errors import IllegalTransition


class Phase(StrEnum):
    """Where a session is in its life, as people are told it."""

    STARTING = "starting"
    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    SHELL = "shell"
    ENDED = "ended"


_SEEN: dict[State, Phase] = {
    State.APPROVAL: Phase.WAITING,
    State.QUESTION: Phase.WAITING,
    State.PLAN: Phase.WAITING,
    State.TRUST: Phase.WAITING,
    State.MENU: Phase.WAITING,
    State.UNREADABLE: Phase.WAITING,
    State.WORKING: Phase.WORKING,
    State.IDLE: Phase.IDLE,
    State.LOGIN: Phase.IDLE,
    State.SHELL: Phase.SHELL,
    State.NONE: Phase.SHELL,
    State.DEAD: Phase.ENDED,
}

_LIVE = frozenset({Phase.IDLE, Phase.WORKING, Phase.WAITING, Phase.SHELL})

TABLE: dict[Phase, frozenset[Phase]] = {
    Phase.STARTING: _LIVE | {Phase.STARTING, Phase.ENDED},
    Phase.IDLE: _LIVE | {Phase.ENDED},
    Phase.WORKING: _LIVE | {Phase.ENDED},
    Phase.WAITING: _LIVE | {Phase.ENDED},
    Phase.SHELL: _LIVE | {Phase.ENDED},
    # A session that ended stays so; the same name with a new pane is begun anew.
    Phase.ENDED: frozenset({Phase.ENDED}),
}


def advance(phase: Phase, to: Phase) -> Phase:
    """The new phase. Raises IllegalTransition when the table does not have the step."""
    if to not in TABLE[phase]:
        raise IllegalTransition(f"a session that is {phase} cannot become {to}")
    return to


def seen_as(phase: Phase, state: State) -> Phase:
    """The phase after a screen was read. While starting, a plain shell is not news yet."""
    to = _SEEN[state]
    if phase is Phase.STARTING and to is Phase.SHELL:
        return Phase.STARTING
    return advance(phase, to)
