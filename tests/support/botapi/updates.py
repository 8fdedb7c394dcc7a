"""What waits for the bot, and how it is fetched.

Facts on offsets: the Bot API server, ``Client::do_get_updates`` and tdlib's ``TQueue::get``: one
that is more than 10 beyond the next id confirms nothing and reads from the first waiting update.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.botapi.errors import conflict

_NOT_ASKED_FOR = {"message_reaction", "message_reaction_count", "chat_member"}
"""Sent only when ``allowed_updates`` names them."""
_TOO_FAR = 10

Update = dict[str, Any]


class Updates:
    def __init__(self, first: int = 500_001) -> None:
        self.next_id = first
        self.waiting: list[Update] = []
        self.delivered: list[Update] = []
        """Every update that went out, as often as it did."""
        self.played: list[Update] = []
        """Those that the fake made up itself, whether they went out or not."""
        self.allowed: frozenset[str] | None = None
        self.duplicating = False
        self.reordering = False
        self._again: list[Update] = []
        self._arrived = asyncio.Event()
        self._other: asyncio.Event | None = None

    def put(self, kind: str, content: Any) -> None:
        known = self.allowed
        if kind in _NOT_ASKED_FOR if known is None else kind not in known:
            return
        self.played.append({"update_id": self.push({kind: content}), kind: content})

    def push(self, content: Update) -> int:
        """Whatever it is; an ``update_id`` in it is kept."""
        update = {"update_id": self.next_id} | content
        self.next_id = max(self.next_id, update["update_id"]) + 1
        self.waiting.append(update)
        self._arrived.set()
        return int(update["update_id"])

    def allow(self, kinds: object) -> None:
        """An empty list stands for what is sent unasked."""
        if isinstance(kinds, list):
            self.allowed = frozenset(kinds) or None

    async def fetch(self, offset: int, limit: int, wait: float) -> list[Update]:
        self.interrupt()
        mine = self._other = asyncio.Event()
        try:
            self._confirm(offset)
            if not self.waiting and not self._again and wait:
                self._arrived.clear()
                await self._wait(mine, wait)
            if mine.is_set():
                raise conflict()
            return self._batch(limit)
        finally:
            if self._other is mine:
                self._other = None

    def interrupt(self) -> bool:
        """Ends a poll that is under way, as another poller does; False if there was none."""
        if self._other is None or self._other.is_set():
            return False
        self._other.set()
        return True

    async def _wait(self, interrupted: asyncio.Event, wait: float) -> None:
        async with asyncio.TaskGroup() as group:
            jobs = [
                group.create_task(self._arrived.wait()),
                group.create_task(interrupted.wait()),
            ]
            await asyncio.wait(jobs, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            for job in jobs:
                job.cancel()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            del self.waiting[:offset]
        elif offset <= self.next_id + _TOO_FAR:
            self.waiting = [one for one in self.waiting if one["update_id"] >= offset]

    def _batch(self, limit: int) -> list[Update]:
        batch = self._again + self.waiting[:limit]
        self._again = self.waiting[:limit] if self.duplicating else []
        if self.reordering:
            batch.reverse()
        self.delivered += batch
        return batch
