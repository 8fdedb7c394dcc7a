"""When to look at a pane that writes. Pure: times go in and out.

At once after a rest; again 25 ms after the last write, because tmux may not have read that write
when it was asked (2 of 61 events were missed without this); again when the pane has been quiet
for 50 ms, because an agent that waits writes nothing; and no more often than the machine bears
while it keeps writing: a pane that streams is looked at every 150 ms, and as soon as it pauses.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from bot.core.ids import PaneId

LEAD = 0.0005
GAP = 0.03
CONFIRM = 0.025
QUIET = 0.05
STREAM, STREAM_GAP = 8, 0.15
"""A pane that has not rested for so many looks streams: so many seconds between looks at it."""
LOOKS_PER_SECOND = 200.0
_NEVER = float("-inf")
_A_MOMENT = 0.001


@dataclass(slots=True)
class _Pane:
    wrote: float = _NEVER
    looked: float = _NEVER
    unseen: float | None = None
    """When the first write after the last look came."""
    looks: int = 0
    """Since it rested last."""
    planned: float | None = None
    """The earliest time in the plan; the true one may be later, as it is when more was written."""


class Rhythm:
    def __init__(self) -> None:
        self._panes: dict[PaneId, _Pane] = {}
        self._plan: list[tuple[float, PaneId]] = []
        """A heap. Entries of panes that were looked at or forgotten since are passed over."""

    def wrote(self, pane: PaneId, now: float) -> None:
        known = self._panes.get(pane)
        if known is None:
            known = self._panes[pane] = _Pane()
        known.wrote = now
        if known.unseen is None:
            known.unseen = now
            self._schedule(pane, known)

    def forget(self, pane: PaneId) -> None:
        self._panes.pop(pane, None)

    @property
    def busy(self) -> int:
        """How many panes have written a moment ago."""
        return len(self._panes)

    def due(self, now: float) -> dict[PaneId, float]:
        """Panes to look at now, and since when; each counts as looked at."""
        found: dict[PaneId, float] = {}
        while self._plan and self._plan[0][0] <= now:
            at, pane = heapq.heappop(self._plan)
            known = self._panes.get(pane)
            if known is None or known.planned != at:
                continue
            known.planned = None
            true = self._next(known)
            if true is None:
                self._rest(pane, known, now)
            elif true > now:
                self._schedule(pane, known)
            else:
                found[pane] = known.wrote if known.unseen is None else known.unseen
                known.looked, known.unseen = now, None
                known.looks += 1
                self._schedule(pane, known)
        return found

    def next_at(self) -> float | None:
        """When ``due`` should be asked again; None: not before somebody writes."""
        return self._plan[0][0] if self._plan else None

    def _schedule(self, pane: PaneId, known: _Pane) -> None:
        at = self._next(known)
        if at is None:  # once it has rested it does not count as busy any more
            at = self._rested_at(known) + _A_MOMENT
        if known.planned is None or at < known.planned:
            known.planned = at
            heapq.heappush(self._plan, (at, pane))

    def _rest(self, pane: PaneId, known: _Pane, now: float) -> None:
        if now > self._rested_at(known):
            del self._panes[pane]
        else:
            self._schedule(pane, known)

    def _rested_at(self, pane: _Pane) -> float:
        return pane.looked + max(self._gap(pane), QUIET)

    def _gap(self, pane: _Pane) -> float:
        own = STREAM_GAP if pane.looks >= STREAM else GAP
        return max(own, len(self._panes) / LOOKS_PER_SECOND)

    def _next(self, pane: _Pane) -> float | None:
        gap = self._gap(pane)
        quiet = pane.wrote + QUIET
        if pane.unseen is not None:
            return max(pane.unseen + LEAD, min(pane.looked + gap, quiet))
        confirm = pane.wrote + CONFIRM
        if pane.looked < confirm and gap <= GAP:
            return confirm
        return quiet if pane.looked < quiet else None
