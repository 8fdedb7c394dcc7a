"""What waits at a closed window: one template for all of it, and a warning before it closes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.channels._whatsapp.api import Tell
from bot.channels._whatsapp.faults import ContentRefused
from bot.channels._whatsapp.outcomes import Outcomes
from bot.channels._whatsapp.window import State, Windows, attention, warning
from bot.core.errors import WingmanError
from bot.core.notices import Notice, NoticeKind
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

ROUND = 5.0
GATHER = timedelta(seconds=10)
"""Prompts that come one upon the other are one template."""
AGAIN = timedelta(hours=1)
"""Between two templates to one person, however much is added: each one costs."""
STANDS = timedelta(minutes=40)
"""What was not offered again for so long has been settled elsewhere."""

_WORTH_IT = frozenset({NoticeKind.PROMPT, NoticeKind.REMINDER})

Announce = Callable[[str, str, str], Awaitable[str]]
Say = Callable[[str, str], Awaitable[str]]
Waits = Callable[[str], Awaitable[list[str]]]


class Porter:
    def __init__(
        self,
        windows: Windows,
        memory: Memory,
        clock: Clock,
        template: str,
        outcomes: Outcomes,
        alarm: Tell,
    ) -> None:
        self._windows = windows
        self._memory = memory
        self._clock = clock
        self._template = template
        self._outcomes = outcomes
        self._alarm = alarm
        self._parked: dict[str, dict[str, datetime]] = {}
        """Address → session → when a notice of it was last offered."""
        self._since: dict[str, datetime] = {}

    async def park(self, address: str, notice: Notice) -> None:
        if notice.kind not in _WORTH_IT:
            return
        now = self._clock.now()
        self._parked.setdefault(address, {})[notice.session] = now
        self._since.setdefault(address, now)
        if not self._template:
            await self._outcomes.no_template(address, "no template is set up for that")

    async def heard(self, address: str) -> None:
        """That person wrote: the window is open, and all that waits comes by itself."""
        self._parked.pop(address, None)
        self._since.pop(address, None)
        if await self._memory.get(f"template:{address}"):
            await self._memory.put(f"template:{address}", "")
        await self._alarm(f"window:{address}", "")

    async def round(self, announce: Announce) -> None:
        if not self._template:
            return
        now = self._clock.now()
        for address, since in list(self._since.items()):
            sessions = [n for n, at in self._parked.get(address, {}).items() if now - at < STANDS]
            if now - since < GATHER or not sessions or not await self._due(address, now):
                continue
            try:
                await announce(address, self._template, attention(sessions))
            except ContentRefused as error:
                await self._outcomes.no_template(address, str(error))
            except WingmanError as error:
                log.warning("whatsapp.template_failed", reason=str(error))
            else:
                log.info("whatsapp.template_sent", sessions=len(sessions))
            # Also after a failure: the next attempt may be as dear as this one.
            await self._memory.put(f"template:{address}", now.isoformat())

    async def warn(self, waiting: Waits, say: Say) -> None:
        """Once for each window, and only where something waits."""
        now = self._clock.now()
        for address in await self._windows.people():
            window = await self._windows.of(address)
            if window.state(now) is not State.CLOSING or window.heard is None:
                continue
            key, heard = f"warned:{address}", window.heard.isoformat()
            sessions = await waiting(address)
            if not sessions or await self._memory.get(key) == heard:
                continue
            await self._memory.put(key, heard)
            try:
                await say(address, warning(window.left(now), sessions))
            except WingmanError as error:
                log.warning("whatsapp.not_warned", reason=str(error))

    async def _due(self, address: str, now: datetime) -> bool:
        last = await self._memory.get(f"template:{address}")
        return not last or now - datetime.fromisoformat(last) >= AGAIN
