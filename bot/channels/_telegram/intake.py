"""One update after the other: read, put into its place, stored."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.channels._telegram.places import Places
from bot.channels._telegram.updates import House, Ignored, Me, Poison, parse
from bot.core.decisions import Inbound
from bot.ports.channel import Accept
from bot.ports.memory import Memory

log = structlog.get_logger()

QUARANTINE = "quarantine"
KEPT = 20
KEPT_LENGTH = 2000
_TOLD = re.compile(r"/?(?:tell|send)\s+\S+", re.IGNORECASE)

SAME = timedelta(seconds=2)
"""Clocks that differ by less are taken for equal: what tells of it has whole seconds."""

Edited = Callable[[Ignored], Awaitable[None]]
"""What is done about a changed message of somebody's."""


class Intake:
    def __init__(
        self,
        house: House,
        places: Places,
        memory: Memory,
        accept: Accept,
        edited: Edited,
        ahead: Callable[[], timedelta] = timedelta,
    ) -> None:
        """``ahead``: how much later it is by Telegram's clock than by ours."""
        self._house = house
        self._places = places
        self._memory = memory
        self._accept = accept
        self._edited = edited
        self._ahead = ahead
        self._albums: OrderedDict[tuple[str, str], str] = OrderedDict()
        """By sender and album: where the caption of its first photo sends it."""

    async def take(self, raw: Any, me: Me) -> bool:
        """Durable when this returns; True for what was new. Raises what the store raises."""
        try:
            found = parse(raw, me, self._house)
        except Poison as poison:
            await self._set_aside(raw, poison)
            return False
        if isinstance(found, Ignored):
            log.info("telegram.ignored", reason=found.reason, user=found.user)
            if found.edited:
                await self._edited(found)
            return False
        return await self._accept(await self._placed(self._beside(raw, self._timed(found))))

    def _timed(self, inbound: Inbound) -> Inbound:
        """Told by our clock: it is compared with when a card was shown."""
        ahead = self._ahead()
        if inbound.sent_at is None or abs(ahead) < SAME:
            return inbound
        return replace(inbound, sent_at=inbound.sent_at - ahead)

    def _beside(self, raw: Any, inbound: Inbound) -> Inbound:
        """Each photo of an album is a message of its own, and only one has the caption: the
        others go to the same session."""
        album = raw.get("message", {}).get("media_group_id") if inbound.files else None
        if not isinstance(album, str):
            return inbound
        named = _TOLD.match(inbound.text)
        if named is not None:
            self._albums[(inbound.user, album)] = named.group()
            while len(self._albums) > KEPT:
                self._albums.popitem(last=False)
        known = self._albums.get((inbound.user, album), "")
        return inbound if inbound.text else replace(inbound, text=known)

    async def _placed(self, inbound: Inbound) -> Inbound:
        address = await self._places.address(inbound.address)
        session = await self._places.session(address, inbound.thread) if inbound.thread else ""
        return replace(inbound, address=address, session=session)

    async def _set_aside(self, raw: Any, poison: Poison) -> None:
        """Kept to be looked at: the last ones, cut to a length."""
        number = update_id(raw)
        log.error("telegram.poison", update=number, reason=str(poison))
        text = json.dumps(raw, default=str)[:KEPT_LENGTH]
        kept = json.loads(await self._memory.get(QUARANTINE) or "[]")
        entry = {"update": number, "reason": str(poison), "raw": text}
        if entry not in kept:
            await self._memory.put(QUARANTINE, json.dumps([*kept, entry][-KEPT:]))


def update_id(raw: Any) -> int | None:
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < 2**53 else None
