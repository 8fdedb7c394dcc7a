"""The panes as they were listed last, and which of them may be others by now.

tmux 3.3a takes 75 us for a pane's whole row, most of it to find out the name of its program and to
clean names of control characters, and it serves nobody meanwhile. The brief list takes 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.adapters.tmux import rows
from bot.core.ids import PaneId, ServerKey
from bot.ports.terminal import PaneInfo


class Listing:
    def __init__(
        self, server: ServerKey | None = None, second: int = 0, panes: Iterable[PaneInfo] = ()
    ) -> None:
        """``second``: when tmux was asked, in seconds since 1970; tmux counts no finer."""
        self.server = server
        self._second = second
        self._panes = {info.key.pane: info for info in panes}

    def changed(self, lines: Sequence[str]) -> list[PaneId] | None:
        """Panes that have written since, or may have in that very second, or stand elsewhere.
        None when these are not the same panes any more."""
        found, seen = [], 0
        for line in lines:
            pane, activity, rest = line.split(" ", 2)
            info = self._panes.get(PaneId(pane))
            if info is None:
                return None
            seen += 1
            if int(activity) >= self._second or rows.brief(info) != rest:
                found.append(info.key.pane)
        return found if seen == len(self._panes) else None

    def update(self, second: int, fresh: Sequence[PaneInfo]) -> tuple[PaneInfo, ...]:
        self._panes.update({info.key.pane: info for info in fresh})
        self._second = second
        return tuple(self._panes.values())
