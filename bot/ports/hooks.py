"""What agents' hooks tell, as it comes in, and the way back to a hook that waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class HookMessage:
    """One run of an agent's hook. Everything in it was written by another program."""

    event: Mapping[str, Any]
    """What the agent gave its hook."""
    pane: str
    """``$TMUX_PANE``."""
    server_pid: int
    """Of the tmux server, out of ``$TMUX``; 0 when there is none."""
    agent_pid: int = 0
    """The agent's process, where it tells (``$CLAUDE_PID``)."""
    waits: bool = False
    """The hook waits for an answer."""


class Passed(StrEnum):
    """What became of an answer."""

    ON = "on"
    """The hook has printed it: the agent has it."""
    NOT = "not"
    """The hook had left, or did not take it: the agent knows nothing of it."""
    UNKNOWN = "unknown"
    """It was sent, and the hook ended without a word."""


class HookCall(Protocol):
    @property
    def message(self) -> HookMessage: ...

    @property
    def is_open(self) -> bool:
        """The hook is there, and nothing has been answered."""
        ...

    async def answer(self, document: Mapping[str, Any]) -> Passed:
        """What the hook shall print. At most once: NOT for every further try."""
        ...

    async def left(self) -> None:
        """Until the hook is gone or was answered."""
        ...


Heard = Callable[[HookCall], Awaitable[None]]
"""When it returns the hook is let go, without a decision if none was given."""


class Hooks(Protocol):
    async def run(self, heard: Heard) -> None:
        """Until cancelled; each call is handled beside the others."""
        ...
