"""Whether all that there is has been looked at, for ``/readyz``."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.ids import PaneId


class Readiness:
    """A pane counts when its first look is settled, and what follows from it is written."""

    def __init__(self) -> None:
        self._waiting: set[PaneId] | None = None
        self._trouble = ""

    def listed(self, settling: Iterable[PaneId]) -> None:
        """tmux answers. The first time: ``settling`` are the panes that are not done with yet."""
        self._trouble = ""
        if self._waiting is None:
            self._waiting = set(settling)

    def settled(self, panes: Iterable[PaneId]) -> None:
        if self._waiting:
            self._waiting.difference_update(panes)

    def blind(self, trouble: str) -> None:
        self._trouble = trouble

    @property
    def problem(self) -> str:
        """Empty when there is none."""
        if self._trouble:
            return self._trouble
        if self._waiting is None:
            return "the panes have not been looked at yet"
        return f"{len(self._waiting)} panes have not been looked at yet" if self._waiting else ""
