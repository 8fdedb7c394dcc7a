"""Facts about one pane, as the supervisor learns them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.agent import Reading
from bot.core.ids import Fingerprint


@dataclass(frozen=True, slots=True)
class Observed:
    """A settled screen was read. ``fingerprint`` is that of the prompt on it, if there is one."""

    at: datetime
    reading: Reading
    fingerprint: Fingerprint | None = None
    first: bool = False
    """The first look at a session we did not start: signals that stand there are old news."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """The pane, its program or its server is gone."""

    at: datetime
    reason: str


Event = Observed | Vanished
