"""When each pane was last looked at, for the sweep: which may have changed since, unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.ids import PaneKey
from bot.core.screen import PaneFacts, Size
from bot.ports.terminal import PaneInfo

READ_ALL = 60.0
"""Seconds between two sweeps that read every screen, whatever tmux says of its panes."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    second: int
    """When tmux was asked, in seconds since 1970: tmux counts no finer."""
    command: str
    size: Size


class Sightings:
    def __init__(self) -> None:
        self._seen: dict[PaneKey, _Sighting] = {}
        self._drawn: dict[PaneKey, int] = {}
        self._read_all = 0.0

    def draws(self, pane: PaneKey, rows: tuple[str, ...]) -> bool:
        """Whether other rows stand there than the last time that this was asked."""
        before, self._drawn[pane] = self._drawn.get(pane), hash(rows)
        return before != self._drawn[pane]

    def note(self, pane: PaneKey, second: int, facts: PaneFacts) -> None:
        self._seen[pane] = _Sighting(second, facts.command, facts.size)

    def forget(self, pane: PaneKey) -> None:
        self._seen.pop(pane, None)
        self._drawn.pop(pane, None)

    def reads_all(self, now: float) -> bool:
        """Whether it is time to read every screen; then it is not for a while."""
        due = now >= self._read_all + READ_ALL
        if due:
            self._read_all = now
        return due

    def may_miss(self, info: PaneInfo) -> bool:
        """Whether that pane has written since, or may have in that very second, or another
        program runs there, or it has another size now."""
        seen = self._seen.get(info.key)
        if seen is None or info.activity >= seen.second:
            return True
        return (info.command, (info.width, info.height)) != (seen.command, seen.size)
