"""The Terminal port on tmux: one batch for all panes, and hints from the kernel where to look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from bot.adapters.tmux import rows
from bot.adapters.tmux.activity import SINCE, ActivityWait
from bot.adapters.tmux.client import ControlClient, NoAnswer, NoServer
from bot.adapters.tmux.control import Block
from bot.adapters.tmux.hints import Hints
from bot.adapters.tmux.listing import Listing
from bot.adapters.tmux.server import at_least
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
        self._clock = clock
        self._listing = Listing()
        self._hints = Hints(self._marks, clock, inotify=inotify)
        self._waits = ActivityWait(client.server, clock)
        client.listener = self._hints.heard
        client.companion = self._accompany

    async def panes(self, *, quick: bool = False) -> tuple[PaneInfo, ...]:
        """Raises TerminalUnusable when a server runs and does not answer."""
        infos = await self._changed() if quick else None
        if infos is None:
            infos = await self._all()
        self._hints.follow({info.key.pane: info.tty for info in infos if info.tty})
        return infos

    async def _all(self) -> tuple[PaneInfo, ...]:
        second, server = int(self._clock.now().timestamp()), self._client.key
        blocks = await self._ask(rows.LIST_PANES)
        infos = rows.pane_infos(blocks[0].lines) if blocks else ()
        self._listing = Listing(server, second, infos)
        return infos

    async def _changed(self) -> tuple[PaneInfo, ...] | None:
        """None: they have to be listed anew."""
        listing, second = self._listing, int(self._clock.now().timestamp())
        if listing.server is None or listing.server != self._client.key:
            return None
        blocks = await self._ask(rows.LIST_BRIEFLY)
        changed = listing.changed(blocks[0].lines) if blocks else None
        if changed is None or len(changed) > BATCH:
            return None
        answers = await self._ask(*(rows.list_one(pane) for pane in changed)) if changed else []
        fresh = rows.pane_infos(block.lines[0] for block in answers if block.lines)
        return listing.update(second, fresh)

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

    async def _accompany(self, version: str) -> None:
        """Where the kernel tells nothing, tmux may."""
        if not self._hints.inotify and at_least(version, SINCE):
            await self._waits.run(self._hints)

    async def _marks(self) -> Sequence[str]:
        exact = at_least(self._client.version, SINCE)
        blocks = await self._ask(rows.LIST_GENERATIONS if exact else rows.LIST_MARKS)
        return blocks[0].lines if blocks else ()

    def nudges(self) -> AsyncIterator[Nudge]:
        return self._hints.stream()
