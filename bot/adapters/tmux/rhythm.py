"""When to look at a pane that writes. Pure: times go in and out.

At once after a rest; again 25 ms after the last write, because tmux may not have read that write
when it was asked (2 of 61 events were missed without this); again when the pane has been quiet
for 60 ms, because an agent that waits writes nothing; and no more often than the machine bears
while it keeps writing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.ids import PaneId

LEAD = 0.001
GAP = 0.03
CONFIRM = 0.025
QUIET = 0.06
LOOKS_PER_SECOND = 200.0
_NEVER = float("-inf")


@dataclass(slots=True)
class _Pane:
    wrote: float = _NEVER
    looked: float = _NEVER
    unseen: float | None = None
    """When the first write after the last look came."""


class Rhythm:
    def __init__(self) -> None:
        self._panes: dict[PaneId, _Pane] = {}

    def wrote(self, pane: PaneId, now: float) -> None:
        known = self._panes.setdefault(pane, _Pane())
        known.wrote = now
        if known.unseen is None:
            known.unseen = now

    def forget(self, pane: PaneId) -> None:
        self._panes.pop(pane, None)

    def due(self, now: float) -> list[PaneId]:
        """Panes to look at now; each counts as looked at."""
        gap = self._gap()
        times = {pane: self._next(known, gap) for pane, known in self._panes.items()}
        found = [pane for pane, at in times.items() if at is not None and at <= now]
        for pane in found:
            self._panes[pane].looked = now
            self._panes[pane].unseen = None
        for pane, at in times.items():
            if at is None and now > self._panes[pane].looked + max(gap, QUIET):
                del self._panes[pane]
        return found

    def next_at(self) -> float | None:
        """When ``due`` will have something; None: not before somebody writes."""
        gap = self._gap()
        times = [self._next(known, gap) for known in self._panes.values()]
        return min((at for at in times if at is not None), default=None)

    def _gap(self) -> float:
        return max(GAP, len(self._panes) / LOOKS_PER_SECOND)

    def _next(self, pane: _Pane, gap: float) -> float | None:
        quiet = pane.wrote + QUIET
        if pane.unseen is not None:
            return max(pane.unseen + LEAD, min(pane.looked + gap, quiet))
        confirm = pane.wrote + CONFIRM
        if pane.looked < confirm and gap <= GAP:
            return confirm
        return quiet if pane.looked < quiet else None
