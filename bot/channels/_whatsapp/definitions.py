"""Which definitions of buttons Twilio has: each is made once, and found again by its name."""

from __future__ import annotations

import asyncio
import json

from bot.channels._whatsapp.api import Api
from bot.channels._whatsapp.contents import Content
from bot.channels._whatsapp.faults import AccountRefused, ContentRefused
from bot.ports.channel import Rejected
from bot.ports.clock import Clock
from bot.ports.memory import Memory

KEY = "contents"
AGAIN = 600.0
"""Seconds until buttons are tried again after they were refused."""


class Definitions:
    def __init__(self, api: Api, memory: Memory, clock: Clock) -> None:
        self._api = api
        self._memory = memory
        self._clock = clock
        self._lock = asyncio.Lock()
        self._sids: dict[str, str] | None = None
        self._refused_until = float("-inf")

    @property
    def usable(self) -> bool:
        return self._clock.monotonic() >= self._refused_until

    async def fail(self) -> None:
        """They were refused: for a while there are words only, and then all is asked for anew, as
        somebody may have deleted what we know of."""
        self._refused_until = self._clock.monotonic() + AGAIN
        self._sids = None
        await self._memory.put(KEY, "")

    async def sid(self, content: Content) -> str:
        """Raises ContentRefused, or what the line brings."""
        async with self._lock:
            known = await self._known()
            if content.name not in known:
                known[content.name] = await self._made(content)
                await self._memory.put(KEY, json.dumps(known))
            return known[content.name]

    async def _known(self) -> dict[str, str]:
        if self._sids is None:
            kept = await self._memory.get(KEY)
            self._sids = dict(json.loads(kept)) if kept else await self._found()
        return self._sids

    async def _found(self) -> dict[str, str]:
        try:
            return dict(await self._api.contents())
        except (AccountRefused, Rejected) as error:
            raise ContentRefused(str(error)) from None

    async def _made(self, content: Content) -> str:
        try:
            return await self._api.create_content(content)
        except (AccountRefused, Rejected) as error:
            # Some accounts may send and not define: words do without.
            raise ContentRefused(str(error)) from None
