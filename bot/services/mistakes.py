"""Faults of the code that reads one agent's screens."""

from __future__ import annotations

import traceback

import structlog

log = structlog.get_logger()


class Mistakes:
    """Each is in the log once: a screen is read many times a second."""

    def __init__(self) -> None:
        self._noted: set[tuple[str, str, str]] = set()

    def note(self, agent: str, error: Exception) -> None:
        """Where it happened, and nothing of what was on the screen: that may hold secrets."""
        last = traceback.extract_tb(error.__traceback__)[-1:]
        at = "".join(f"{frame.filename}:{frame.lineno}" for frame in last)
        mistake = (agent, type(error).__name__, at)
        if mistake not in self._noted:
            self._noted.add(mistake)
            log.error("screen.reader_failed", agent=agent, error=mistake[1], at=at)
