"""What may have been sent: looked for before it is sent again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from contextlib import aclosing
from datetime import datetime, timedelta

import structlog

from bot.channels._whatsapp.api import Api, Message
from bot.channels._whatsapp.faults import Doubtful
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

LOOK_BACK = timedelta(minutes=2)
"""Our clock and Twilio's may differ."""
SETTLES = timedelta(seconds=3)
"""Until a message that was taken is in the list."""
DOUBTS_KEPT = timedelta(hours=1)
KNOWN = 500


class Doubts:
    """Messages that were sent and not answered for. There is no key that would let Twilio find a
    repetition, so its list is looked at before such a message goes out again."""

    def __init__(self, api: Api, sender: str, memory: Memory, clock: Clock) -> None:
        self._api = api
        self._sender = sender
        self._memory = memory
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: dict[str, str] | None = None
        self._known: deque[str] = deque(maxlen=KNOWN)
        """SIDs that answers have brought: none of these is the one in doubt."""

    async def trying(self, message: Message) -> str:
        begun = self._clock.now()
        try:
            sid = await self._api.send(message)
        except Doubtful:
            await self._change(_key(message), begun)
            raise
        self._known.append(sid)
        return sid

    async def settled(self, message: Message) -> str:
        """The SID of an earlier attempt that did arrive; empty when it has to be sent."""
        begun = (await self._all()).get(_key(message))
        if begun is None:
            return ""
        early = datetime.fromisoformat(begun) + SETTLES - self._clock.now()
        if early > timedelta():
            await self._clock.sleep(early.total_seconds())
        since = datetime.fromisoformat(begun) - LOOK_BACK
        found = await self._look(message, since)
        await self._change(_key(message), None)
        if found:
            self._known.append(found)
        log.info("whatsapp.doubt_settled", arrived=bool(found))
        return found

    async def _look(self, message: Message, since: datetime) -> str:
        if since + DOUBTS_KEPT < self._clock.now():
            return ""
        listing = self._api.listing(to=message.to, sender=self._sender, since=since)
        async with aclosing(listing) as sent:
            async for one in sent:
                if one.at < since:
                    break
                is_it = _same(one.body, message) and one.status not in ("failed", "canceled")
                if is_it and one.sid not in self._known:
                    return one.sid
        return ""

    async def _change(self, key: str, begun: datetime | None) -> None:
        async with self._lock:
            doubts = await self._all()
            doubts.pop(key, None)
            if begun is not None:
                doubts[key] = begun.isoformat()
            oldest = self._clock.now() - DOUBTS_KEPT
            self._kept = {k: at for k, at in doubts.items() if datetime.fromisoformat(at) > oldest}
            await self._memory.put("doubts", json.dumps(self._kept))

    async def _all(self) -> dict[str, str]:
        if self._kept is None:
            kept = await self._memory.get("doubts")
            self._kept = dict(json.loads(kept)) if kept else {}
        return self._kept


def _key(message: Message) -> str:
    filled = dict(message.variables or {})
    said = json.dumps([message.to, message.body, message.content, filled], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _same(listed: str, message: Message) -> bool:
    """Blanks at the ends are lost on the way; of a template only what was filled in is known."""
    found = " ".join(listed.split())
    if message.body:
        return found == " ".join(message.body.split())
    values = (message.variables or {}).values()
    return bool(values) and all(" ".join(value.split()) in found for value in values)
