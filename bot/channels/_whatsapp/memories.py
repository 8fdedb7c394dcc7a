"""Small things that outlast a restart: who is who, what was offered, what waits, what it costs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from bot.channels._whatsapp.keys import Keys
from bot.ports.memory import Memory

Knows = Callable[[str], Awaitable[bool]]

OFFERS = 60
"""Buttons that are remembered of one person, the newest."""


class Directory:
    """Whoever keeps the number to himself has an id instead; who sent both is known by both."""

    def __init__(self, memory: Memory, allowed: Collection[str], knows: Knows) -> None:
        """``knows``: whether an address is a person's, for those who are not on the list."""
        self._memory = memory
        self._allowed = allowed
        self._knows = knows

    async def user(self, number: str, external: str) -> str:
        if number and external:
            await self._link(external, number)
        if number:
            is_other = number not in self._allowed and external in self._allowed
            return external if is_other else number
        if external in self._allowed:
            return external
        linked = await self._memory.get(f"person:{external}")
        return linked if linked and await self._knows(linked) else external

    async def _link(self, external: str, number: str) -> None:
        """Of strangers nothing is kept."""
        key = f"person:{external}"
        if await self._knows(number) and await self._memory.get(key) != number:
            await self._memory.put(key, number)


class Offers:
    """What the buttons were called, for taps that come back as their titles."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: dict[str, list[list[str]]] = {}

    async def remember(self, address: str, keys: Keys, message: str) -> None:
        offered = await self._of(address)
        offered += [[key.title, key.command, message] for key in keys.keys]
        del offered[:-OFFERS]
        await self._memory.put(f"offers:{address}", json.dumps(offered))

    async def tap(self, address: str, title: str) -> tuple[str, str]:
        """The newest button of that title: its command and its message."""
        for name, command, message in reversed(await self._of(address)):
            if name == title:
                return command, message
        return "", ""

    async def _of(self, address: str) -> list[list[str]]:
        if address not in self._known:
            kept = await self._memory.get(f"offers:{address}")
            self._known.setdefault(address, json.loads(kept) if kept else [])
        return self._known[address]


class Waiting:
    """Prompts that were sent and are not settled: code → session."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: dict[str, dict[str, str]] = {}

    async def sessions(self, address: str) -> list[str]:
        return list(dict.fromkeys((await self._of(address)).values()))

    async def add(self, address: str, code: str, session: str) -> None:
        known = await self._of(address)
        if known.get(code) != session:
            known[code] = session
            await self._keep(address)

    async def settled(self, address: str, code: str) -> None:
        known = await self._of(address)
        if known.pop(code, None) is not None:
            await self._keep(address)

    async def _of(self, address: str) -> dict[str, str]:
        if address not in self._known:
            kept = await self._memory.get(f"waiting:{address}")
            self._known.setdefault(address, json.loads(kept) if kept else {})
        return self._known[address]

    async def _keep(self, address: str) -> None:
        await self._memory.put(f"waiting:{address}", json.dumps(self._known[address]))


class Bill:
    """Messages that were sent, by month: since October 2026 most of them cost money."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: dict[str, int] = {}

    async def add(self, at: datetime) -> None:
        month = _month(at)
        self._known = {month: await self.of(at) + 1}
        await self._memory.put(month, str(self._known[month]))

    async def of(self, at: datetime) -> int:
        month = _month(at)
        if month not in self._known:
            kept = await self._memory.get(month)
            self._known = {month: int(kept) if kept else 0}
        return self._known[month]

    def known(self, at: datetime) -> int | None:
        """None as long as nobody has asked in this life."""
        return self._known.get(_month(at))


def _month(at: datetime) -> str:
    return f"billed:{at:%Y-%m}"
