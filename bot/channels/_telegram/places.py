"""Where things are: the topic of each session, and groups that moved. Kept over restarts.

The Bot API has no way to ask which topics there are."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from bot.ports.memory import Memory

KEY = "places"
MOST = 500
"""Topics remembered of one chat; the oldest are forgotten first."""


@dataclass
class _Kept:
    threads: dict[str, dict[str, int]] = field(default_factory=dict)
    """Address → session → thread."""
    moved: dict[str, int] = field(default_factory=dict)
    """A group's first id → the one it has now."""


class Places:
    """An address is a chat's first id, also after the group has moved: cards and settings name
    that one."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept: _Kept | None = None
        self._lock = asyncio.Lock()

    async def chat(self, address: str) -> int:
        """The chat's present id. Raises ValueError for what is no chat id."""
        return (await self._all()).moved.get(address, int(address))

    async def address(self, chat: str) -> str:
        for first, now in (await self._all()).moved.items():
            if str(now) == chat:
                return first
        return chat

    async def moved(self, address: str, to: int) -> None:
        async with self._lock:
            (await self._load()).moved[address] = to
            await self._store()

    async def thread(self, address: str, session: str) -> int | None:
        return (await self._all()).threads.get(address, {}).get(session)

    async def session(self, address: str, thread: str) -> str:
        """Empty when that thread is nobody's."""
        known = (await self._all()).threads.get(address, {})
        return next((name for name, number in known.items() if str(number) == thread), "")

    async def remember(self, address: str, session: str, thread: int) -> None:
        async with self._lock:
            known = (await self._load()).threads.setdefault(address, {})
            known.pop(session, None)
            known[session] = thread
            while len(known) > MOST:
                known.pop(next(iter(known)))
            await self._store()

    async def forget(self, address: str, session: str) -> None:
        async with self._lock:
            (await self._load()).threads.get(address, {}).pop(session, None)
            await self._store()

    async def _all(self) -> _Kept:
        if self._kept is not None:
            return self._kept
        async with self._lock:
            return await self._load()

    async def _load(self) -> _Kept:
        if self._kept is None:
            text = await self._memory.get(KEY)
            self._kept = _Kept(**json.loads(text)) if text else _Kept()
        return self._kept

    async def _store(self) -> None:
        kept = self._kept or _Kept()
        await self._memory.put(KEY, json.dumps({"threads": kept.threads, "moved": kept.moved}))
