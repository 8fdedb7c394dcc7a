"""The Terminal port on tmux: one batch for all panes, and hints from the kernel where to look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from bot.adapters.tmux import rows
from bot.adapters.tmux.client import ControlClient, NoAnswer, NoServer
from bot.adapters.tmux.control import Block
from bot.adapters.tmux.hints import Hints
from bot.core.errors import TerminalUnusable
from bot.core.ids import PaneId, PaneKey
from bot.core.screen import Screen
from bot.ports.clock import Clock
from bot.ports.terminal import Nudge, PaneInfo

BATCH = 64
"""Panes captured by one request; tmux serves nobody else meanwhile (about 40 us a pane)."""


class TmuxTerminal:
    """Needs its client's ``run()`` to be running."""

    def __init__(self, client: ControlClient, clock: Clock, *, inotify: bool = True) -> None:
        self._client = client
        self._hints = Hints(self._marks, clock, inotify=inotify)
        client.listener = self._hints.heard

    async def panes(self) -> tuple[PaneInfo, ...]:
        """Raises TerminalUnusable when a server runs and does not answer."""
        blocks = await self._ask(rows.LIST_PANES, rows.LIST_CLIENTS)
        if not blocks:
            infos: tuple[PaneInfo, ...] = ()
        else:
            listed, clients = (block.lines for block in blocks)
            infos = rows.pane_infos(listed, rows.watched_sessions(clients))
        self._hints.follow({info.key.pane: info.tty for info in infos if info.tty})
        return infos

    async def capture(
        self, panes: Iterable[PaneKey], history: int = 0, *, ansi: bool = False
    ) -> dict[PaneId, Screen]:
        keys = list(dict.fromkeys(panes))
        found: dict[PaneId, Screen] = {}
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            screens, doubtful = await self._captured(batch, history, ansi=ansi)
            found |= screens
            for key in doubtful:
                found |= (await self._captured([key], history, ansi=ansi))[0]
        return found

    async def _captured(
        self, keys: Sequence[PaneKey], history: int, *, ansi: bool
    ) -> tuple[dict[PaneId, Screen], list[PaneKey]]:
        lines = [rows.capture_line(key.pane, history, ansi=ansi) for key in keys]
        blocks = await self._ask(*lines)
        return rows.screens(keys, blocks, history, ansi=ansi) if blocks else ({}, [])

    async def _ask(self, *lines: str) -> list[Block]:
        """No blocks when no server runs. Reading may be repeated: once, if the client was lost."""
        for last in (False, True):
            try:
                return await self._client.ask(*lines)
            except NoServer:
                return []
            except NoAnswer as silence:
                if last:
                    raise TerminalUnusable(f"tmux does not answer: {silence}") from silence
        return []

    async def _marks(self) -> Sequence[str]:
        blocks = await self._ask(rows.LIST_MARKS)
        return blocks[0].lines if blocks else ()

    def nudges(self) -> AsyncIterator[Nudge]:
        return self._hints.stream()
