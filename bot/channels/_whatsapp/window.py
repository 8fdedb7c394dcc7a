"""The 24 hours after each of a person's messages in which WhatsApp lets anybody answer freely.

After that only an approved template arrives; free words are taken and fail minutes later (Twilio
error 63016)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels._whatsapp.texts import cut, sendable
from bot.ports.memory import Memory

OPEN_FOR = timedelta(hours=24)
MARGIN = timedelta(minutes=15)
"""A message that is on its way when the window closes is lost."""
WARN_BEFORE = timedelta(hours=1)
VALUE_LIMIT = 255
NAMED = 3


class State(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    heard: datetime | None = None
    """When that person last wrote."""
    shut: datetime | None = None
    """When Twilio said that it is closed, whatever we had counted."""

    def left(self, now: datetime) -> timedelta:
        if self.heard is None or (self.shut is not None and self.shut >= self.heard):
            return timedelta()
        return max(timedelta(), self.heard + OPEN_FOR - MARGIN - now)

    def state(self, now: datetime) -> State:
        left = self.left(now)
        if not left:
            return State.CLOSED
        return State.CLOSING if left <= WARN_BEFORE else State.OPEN


class Windows:
    """One for each address, over restarts."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._known: dict[str, Window] = {}
        self._looked = asyncio.Event()
        self._lock = asyncio.Lock()

    @property
    def looked(self) -> bool:
        """Whether the list of messages was read once: before that nobody knows who wrote."""
        return self._looked.is_set()

    def look_done(self) -> None:
        self._looked.set()

    async def of(self, address: str) -> Window:
        if address not in self._known:
            kept = await self._memory.get(f"window:{address}")
            times = json.loads(kept) if kept else [None, None]
            read = [datetime.fromisoformat(at) if at else None for at in times]
            self._known.setdefault(address, Window(*read))
        return self._known[address]

    async def heard(self, address: str, at: datetime) -> bool:
        """True when the window was not as far open before."""
        async with self._lock:
            window = await self.of(address)
            if window.heard is not None and window.heard >= at:
                return False
            await self._keep(address, Window(at, window.shut))
        return True

    async def shut(self, address: str, at: datetime) -> None:
        """Twilio's word for a message of ``at``; what was heard since counts more."""
        async with self._lock:
            window = await self.of(address)
            if window.heard is None or window.heard <= at:
                await self._keep(address, Window(window.heard, at))

    async def _keep(self, address: str, window: Window) -> None:
        times = [at.isoformat() if at else None for at in (window.heard, window.shut)]
        await self._memory.put(f"window:{address}", json.dumps(times))
        self._known[address] = window


def attention(sessions: Collection[str]) -> str:
    """What goes into the template's one variable. No line breaks and no runs of blanks are taken
    there (error 63013), and nothing empty (21656)."""
    names = [" ".join(sendable(name).split()) for name in sessions]
    known = [name for name in names if name]
    count = max(1, len(names))
    waits = "1 session waits for you" if count == 1 else f"{count} sessions wait for you"
    if not known:
        return waits
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return cut(f"{waits}: {', '.join(known[:NAMED])}{more}", VALUE_LIMIT)


def warning(left: timedelta, sessions: Collection[str]) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    return (
        f"⏳ WhatsApp lets me write to you for {minutes} more minutes only, and "
        f"{attention(sessions)}. Send any word, and it is open for another day."
    )
