"""Names for the things that must not be mixed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

NodeId = NewType("NodeId", str)
SessionName = NewType("SessionName", str)
PromptId = NewType("PromptId", str)
PressId = NewType("PressId", str)
EventId = NewType("EventId", str)
Fingerprint = NewType("Fingerprint", str)

Code = NewType("Code", str)
"""What a person types for a prompt, e.g. ``k3f9``. Letters that can be misread are not in it."""

CODE_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"

PaneId = NewType("PaneId", str)
"""``%5``: unique only while one tmux server lives (a restarted server counts from %0 again)."""


@dataclass(frozen=True, slots=True)
class ServerKey:
    """One life of a tmux server. ``start_time`` is ``#{start_time}``: whole seconds since 1970."""

    pid: int
    start_time: int


@dataclass(frozen=True, slots=True)
class PaneKey:
    """One life of one pane: ids alone come back after a restart or ``respawn-pane``."""

    server: ServerKey
    pane: PaneId
    pid: int

    def __hash__(self) -> int:
        # Sweeps look up thousands of them; the server is nearly always the same.
        return hash((self.pane, self.pid))
