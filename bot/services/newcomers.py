"""Panes that have not been read yet: which of the signals on them are old news."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.ids import PaneKey
from bot.core.signals import Signal


class Newcomers:
    """What stood in a pane before anybody looked is not told. What is there at the first sight of
    it is, if the pane itself came while we looked: nothing in it is older."""

    def __init__(self) -> None:
        self._there: frozenset[PaneKey] | None = None
        """All panes, as tmux listed them last."""
        self._born: set[PaneKey] = set()
        self._stood: dict[PaneKey, tuple[Signal, ...] | None] = {}

    def listed(self, panes: Iterable[PaneKey]) -> None:
        """Each time that tmux lists its panes, before any of them is taken on."""
        there = frozenset(panes)
        if self._there is not None:
            self._born |= there - self._there
        self._born &= there
        self._there = there

    def take_on(self, pane: PaneKey) -> None:
        self._stood[pane] = () if pane in self._born else None

    def __contains__(self, pane: PaneKey) -> bool:
        return pane in self._stood

    def see(self, pane: PaneKey, signals: tuple[Signal, ...]) -> None:
        """Only the first sight of it counts: what comes while it is waited for a screen to hold
        still is news."""
        if self._stood.get(pane, ()) is None:
            self._stood[pane] = signals

    def stood(self, pane: PaneKey) -> tuple[Signal, ...] | None:
        """None for a pane that is no newcomer."""
        return self._stood.get(pane)

    def known(self, pane: PaneKey) -> None:
        self._stood.pop(pane, None)
        self._born.discard(pane)
