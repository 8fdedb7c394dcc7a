"""What ``wingman doctor`` finds: one line each, with the cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    OFF = "off"
    """Not set up, and need not be."""
    WARN = "warn"
    """It works, but not as well or as safely as it could."""
    RED = "red"
    """Something that was set up does not work."""


@dataclass(frozen=True, slots=True)
class Check:
    """``id`` is for programs and never changes its meaning, e.g. ``telegram.token``."""

    id: str
    level: Level
    says: str
    """One line. Never a secret."""
    cure: str = ""
    """What a person does about it; with every WARN and RED."""

    def __post_init__(self) -> None:
        if self.level in (Level.WARN, Level.RED) and not self.cure:
            raise ValueError(f"{self.id} is {self.level} and names no cure")


def worst(checks: Iterable[Check]) -> Level:
    order = list(Level)
    return max((check.level for check in checks), key=order.index, default=Level.OK)
