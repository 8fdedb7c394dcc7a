"""Messages from Twilio's list of them: all that comes in where nobody can post to us, and what got
lost on the way where somebody can."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channels._whatsapp.api import Api
from bot.channels._whatsapp.inbound import Ignored, Line, Listed, Offered, People, listed
from bot.channels._whatsapp.intake import Intake
from bot.channels._whatsapp.outcomes import FOLLOWED, Outcomes
from bot.channels._whatsapp.window import Windows
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

KEY = "position"
BEGUN = "begun"
"""When the first life began, which may have ended before it had read anything."""
OVERLAP = timedelta(minutes=10)
"""A message may appear in the list later than one that was sent after it."""
NEW = timedelta(hours=24)
"""What is older, when we come back, is not read any more."""
BEFORE_US = timedelta(seconds=10)
"""What had come in before the program ran for the first time is not for it."""
CLOCKS = timedelta(minutes=2)
"""Ours and Twilio's differ by less."""


@dataclass
class _Position:
    at: datetime
    """Of the newest message that was taken."""
    seen: dict[str, str] = field(default_factory=dict)
    """SID → time of those not older than the overlap."""

    def take(self, message: Listed) -> None:
        self.at = max(self.at, message.at)
        self.seen[message.sid] = message.at.isoformat()
        oldest = (self.at - OVERLAP).isoformat()
        self.seen = {sid: at for sid, at in self.seen.items() if at >= oldest}


class Polling:
    def __init__(
        self,
        api: Api,
        line: Line,
        people: People,
        offered: Offered,
        intake: Intake,
        outcomes: Outcomes,
        windows: Windows,
        memory: Memory,
        clock: Clock,
        hold: timedelta = timedelta(),
    ) -> None:
        """``hold``: so long a message is left to the webhook, which brings more of it."""
        self._api = api
        self._line = line
        self._people = people
        self._offered = offered
        self._intake = intake
        self._outcomes = outcomes
        self._windows = windows
        self._memory = memory
        self._clock = clock
        self._hold = hold
        self._position: _Position | None = None
        self._caught_up = False
        self._kept = False
        """Whether the position is in the memory."""

    async def round(self) -> None:
        """Raises what the line or the store raises; what was not stored comes again."""
        position = await self._load()
        since = max(position.at - OVERLAP, self._clock.now() - NEW)
        found = [m for m in await self._since(since) if m.sid not in position.seen]
        await self._outcome()
        for message in found:
            if self._hold and self._clock.now() - message.by_our_clock < self._hold:
                continue
            await self._take(message)
            position.take(message)
        if found or not self._kept:
            at, seen = position.at.isoformat(), position.seen
            await self._memory.put(KEY, json.dumps({"at": at, "seen": seen}))
            self._kept = True
        self._windows.look_done()

    async def _load(self) -> _Position:
        if self._position is None:
            kept = await self._memory.get(KEY)
            if kept:
                read = json.loads(kept)
                self._position = _Position(datetime.fromisoformat(read["at"]), read["seen"])
                self._kept = True
            else:
                self._position = await self._begin()
        return self._position

    async def _begin(self) -> _Position:
        """The first life: who has written lately is taken from the list, and nothing is done
        about it."""
        now = self._clock.now()
        begun = await self._memory.get(BEGUN)
        if not begun:
            begun = (now - BEFORE_US).isoformat()
            await self._memory.put(BEGUN, begun)
        position = _Position(datetime.fromisoformat(begun))
        for message in await self._since(now - NEW):
            if message.at < position.at:
                found = await listed(message, (), self._people, self._offered)
                if not isinstance(found, Ignored):
                    await self._intake.heard(found.address, message.at)
                position.take(message)
        return position

    async def _since(self, since: datetime) -> list[Listed]:
        """Oldest first; of one second as Twilio has them."""
        found: list[Listed] = []
        async with aclosing(self._api.listing(to=self._line.sender, since=since)) as listing:
            async for message in listing:
                if message.at < since:
                    break
                if not message.outbound:
                    found.append(message)
        found.reverse()
        found.sort(key=lambda message: message.at)
        return found

    async def _take(self, message: Listed) -> None:
        media = await self._api.media(message.sid) if message.media else ()
        found = await listed(message, media, self._people, self._offered)
        if isinstance(found, Ignored):
            log.info("whatsapp.ignored", reason=found.reason)
            return
        # Just now by our own clock, which what we send is timed by.
        now = self._clock.now()
        await self._intake.take(found, now if now - message.at < CLOCKS else message.at)

    async def _outcome(self) -> None:
        """Reports of what was sent, as long as any is missing; at first those that came while
        nobody was there. What is said to a message was said after it had arrived, so this is
        asked for later than that, and told earlier."""
        since = self._outcomes.open_since() if self._caught_up else self._clock.now() - FOLLOWED
        if since is None:
            return
        since -= CLOCKS
        async with aclosing(self._api.listing(sender=self._line.sender, since=since)) as listing:
            async for message in listing:
                if message.at < since:
                    break
                await self._outcomes.status(message.sid, message.status, message.error)
        self._caught_up = True
