"""The states of a prompt and the steps between them: this table and nothing else."""

from __future__ import annotations

from enum import StrEnum

from bot.core.errors import IllegalTransition


class PromptState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    """A person decided; no key has been tried."""
    ATTEMPTING = "attempting"
    """A key may or may not have gone in."""
    APPLIED = "applied"
    """The key went in; the agent has not been seen to react."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """Decided, and for a stated reason no deciding key was pressed."""
    UNKNOWN = "unknown"
    """The tmux server went away in between: nobody can tell whether the key went in."""
    EXPIRED = "expired"
    GONE = "gone"
    """The pane or its program ended."""
    ANSWERED_LOCALLY = "answered_locally"
    SUPERSEDED = "superseded"


class Happening(StrEnum):
    DECIDE = "decide"
    ATTEMPT = "attempt"
    PRESSED = "pressed"
    REFUSE = "refuse"
    LOSE = "lose"
    RETRY = "retry"
    """No key went in: tmux said so, or after a crash its marker proves it."""
    LEFT_SCREEN = "left_screen"
    REPLACED = "replaced"
    PANE_GONE = "pane_gone"
    EXPIRE = "expire"
    WITHDRAWN = "withdrawn"
    """It was known only from a hook, and that hook is gone."""
    AGENT_LEFT = "agent_left"
    """Its program ended, and a shell is there again."""


TABLE: dict[PromptState, dict[Happening, PromptState]] = {
    PromptState.OPEN: {
        Happening.DECIDE: PromptState.DECIDED,
        Happening.LEFT_SCREEN: PromptState.ANSWERED_LOCALLY,
        Happening.REPLACED: PromptState.SUPERSEDED,
        Happening.PANE_GONE: PromptState.GONE,
        Happening.EXPIRE: PromptState.EXPIRED,
        Happening.WITHDRAWN: PromptState.GONE,
        Happening.AGENT_LEFT: PromptState.GONE,
    },
    PromptState.DECIDED: {
        Happening.ATTEMPT: PromptState.ATTEMPTING,
        Happening.REFUSE: PromptState.REFUSED,
        Happening.PANE_GONE: PromptState.GONE,
    },
    PromptState.ATTEMPTING: {
        Happening.PRESSED: PromptState.APPLIED,
        Happening.REFUSE: PromptState.REFUSED,
        Happening.LOSE: PromptState.UNKNOWN,
        Happening.RETRY: PromptState.DECIDED,
    },
    PromptState.APPLIED: {
        Happening.LEFT_SCREEN: PromptState.CONFIRMED,
        Happening.REPLACED: PromptState.CONFIRMED,
        Happening.PANE_GONE: PromptState.CONFIRMED,
        Happening.AGENT_LEFT: PromptState.CONFIRMED,
    },
    PromptState.CONFIRMED: {},
    PromptState.REFUSED: {},
    PromptState.UNKNOWN: {},
    PromptState.EXPIRED: {},
    PromptState.GONE: {},
    PromptState.ANSWERED_LOCALLY: {},
    PromptState.SUPERSEDED: {},
}

LIVE = frozenset({PromptState.OPEN, PromptState.DECIDED, PromptState.ATTEMPTING})
"""States in which a prompt holds its pane: only one such prompt per pane."""


def step(state: PromptState, happening: Happening) -> PromptState:
    """The new state. Raises IllegalTransition when the table does not have the step."""
    try:
        return TABLE[state][happening]
    except KeyError:
        raise IllegalTransition(f"a prompt that is {state} cannot {happening}") from None
