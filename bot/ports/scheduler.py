"""Running something every so often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Scheduler(Protocol):
    """Jobs live in memory; rows in the store are the truth they are rebuilt from."""

    def every(self, name: str, seconds: float, run: Callable[[], Awaitable[None]]) -> None:
        """Replaces the job of that name. Missed runs are collapsed into one, never overlapped."""
        ...

    def start(self) -> None: ...

    def stop(self) -> None: ...
