"""Signals that an agent puts into what it says: ``:::DONE:tests pass:::``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SignalKind(StrEnum):
    DONE = "DONE"
    HELP = "HELP"
    ERROR = "ERROR"
    BLOCKED = "BLOCKED"
    PROGRESS = "PROGRESS"


@dataclass(frozen=True, slots=True)
class Signal:
    """Advisory only: it is shown as quoted agent text and never causes a key press."""

    kind: SignalKind
    text: str = ""
