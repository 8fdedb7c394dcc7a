"""Looking at panes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.core.ids import PaneId, PaneKey
from bot.core.screen import Screen


@dataclass(frozen=True, slots=True)
class PaneInfo:
    """One row of the batched ``list-panes -a``."""

    key: PaneKey
    session: str
    """tmux's session name: for people to read, never a target."""
    session_id: str
    window_index: int
    pane_index: int
    command: str
    path: str
    title: str
    width: int
    height: int
    tty: str
    dead: bool
    activity: int
    """``#{window_activity}``, seconds since 1970."""
    status: str = ""
    """Of a dead pane: what its program exited with, or ``signal 9``; empty when not known."""

    @property
    def ending(self) -> tuple[str, bool]:
        """Of a dead pane: how it ended, and whether that was by itself and with an error."""
        if self.status in ("", "0"):
            return "its program has ended", False
        words = self.status if self.status.startswith("signal") else f"status {self.status}"
        return f"its program ended with {words}", True


class NudgeKind(StrEnum):
    WROTE = "wrote"
    """A pane's program wrote to its terminal."""
    PANES = "panes"
    """Panes or sessions came or went: list them again."""
    LOST = "lost"
    """The tmux server went away."""
    FOUND = "found"
    """A tmux server answers (again)."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A hint that something changed. Never the truth: the truth is a fresh capture."""

    kind: NudgeKind
    pane: PaneId | None = None
    since: float = field(default=0.0, compare=False)
    """When the first write came that this tells of, on the clock's ``monotonic``; 0: not known."""


class Terminal(Protocol):
    """Reads panes of one tmux server. Never resizes or disturbs what a person sees."""

    async def panes(self, *, quick: bool = False) -> tuple[PaneInfo, ...]:
        """All panes of the server, empty when no server runs. ``quick``: of those that have
        written nothing since they were listed last, name, program and directory may be as they
        were then."""
        ...

    async def capture(
        self, panes: Iterable[PaneKey], history: int = 0, *, ansi: bool = False
    ) -> dict[PaneId, Screen]:
        """The visible rows (and ``history`` rows above) of each pane that still is that pane;
        with ``ansi`` their colours too."""
        ...

    def nudges(self) -> AsyncIterator[Nudge]:
        """Hints, for as long as they are iterated; one reader."""
        ...
