"""The 24 hours after each of a person's messages in which WhatsApp lets anybody answer freely.

After that only an approved template arrives; free words are taken and fail minutes later (Twilio
error 63016)."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels._whatsapp.texts import cut, sendable
from bot.ports.memory import Memory

OPEN_FOR = timedelta(hours=24)
MARGIN = timedelta(minutes=15)
"""A message that is on its way when the window closes is lost."""
WARN_BEFORE = timedelta(hours=1)
KEY = "windows"
STRANGERS = 100
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
    """One for each person, over restarts. Whoever is written to is a person, and so is everybody
    on the list; of strangers the last few are remembered, as one may become a person."""

    def __init__(self, memory: Memory, allowed: Collection[str] = ()) -> None:
        self._memory = memory
        self._allowed = allowed
        self._known: dict[str, Window] | None = None
        self._strangers: OrderedDict[str, datetime] = OrderedDict()
        self._looked = asyncio.Event()
        self._lock = asyncio.Lock()

    @property
    def looked(self) -> bool:
        """Whether the list of messages was read once: before that nobody knows who wrote."""
        return self._looked.is_set()

    def look_done(self) -> None:
        self._looked.set()

    async def knows(self, address: str) -> bool:
        async with self._lock:
            return address in self._allowed or address in await self._all()

    def known(self) -> dict[str, Window]:
        """As far as it was asked for in this life."""
        return dict(self._known or {})

    async def people(self) -> list[str]:
        async with self._lock:
            return list(await self._all())

    async def of(self, address: str) -> Window:
        """For somebody who is written to."""
        async with self._lock:
            known = await self._all()
            if address not in known and address in self._strangers:
                await self._keep(address, Window(self._strangers.pop(address)))
            return known.get(address, Window())

    async def heard(self, address: str, at: datetime) -> bool:
        """True for a person's whose window was not as far open before."""
        async with self._lock:
            known = await self._all()
            if address not in known and address not in self._allowed:
                self._strangers[address] = at
                while len(self._strangers) > STRANGERS:
                    self._strangers.popitem(last=False)
                return False
            window = known.get(address, Window())
            if window.heard is not None and window.heard >= at:
                return False
            await self._keep(address, Window(at, window.shut))
        return True

    async def shut(self, address: str, at: datetime) -> None:
        """Twilio's word for a message of ``at``; what was heard since counts more."""
        async with self._lock:
            window = (await self._all()).get(address, Window())
            if window.heard is None or window.heard <= at:
                await self._keep(address, Window(window.heard, at))

    async def _all(self) -> dict[str, Window]:
        if self._known is None:
            kept = json.loads(await self._memory.get(KEY) or "{}")
            self._known = {
                address: Window(*(datetime.fromisoformat(at) if at else None for at in times))
                for address, times in kept.items()
            }
        return self._known

    async def _keep(self, address: str, window: Window) -> None:
        known = await self._all()
        known[address] = window
        times = {
            who: [at.isoformat() if at else None for at in (one.heard, one.shut)]
            for who, one in known.items()
        }
        await self._memory.put(KEY, json.dumps(times))


def standing(windows: Mapping[str, Window], sent: int | None, now: datetime) -> tuple[str, ...]:
    """For the list of sessions; with several people each is named."""
    lines: list[str] = []
    for address, window in windows.items():
        who = f" for {address}" if len(windows) > 1 else ""
        left = int(window.left(now).total_seconds()) // 60
        span = f"{left // 60} h" if left >= 60 else f"{max(1, left)} min"
        closed = f"WhatsApp is closed{who}: write to it there"
        lines.append(f"WhatsApp is open{who} for {span}" if window.left(now) else closed)
    if sent is not None:
        lines.append(f"WhatsApp messages this month: {sent}")
    return tuple(lines)


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
