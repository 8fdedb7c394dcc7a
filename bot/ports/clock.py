"""Time, so that a test can move it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall clock, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; also counts while the machine sleeps where it can."""
        ...

    async def sleep(self, seconds: float) -> None: ...
