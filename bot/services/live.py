"""The list of sessions that somebody asked for, kept up to date in its message for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.core.decisions import Inbound, Principal
from bot.core.errors import WingmanError
from bot.core.notices import Notice
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.overview import board
from bot.services.roster import Roster
from bot.services.wake import Bell

log = structlog.get_logger()

LIFE = timedelta(minutes=10)
EVERY = 3.0
"""Seconds between two changes of one message, or three pauses where the provider wants longer
ones: there is room for what is urgent between them."""
LONGEST = 3000
"""Characters. A longer list takes several messages, which cannot be changed as one."""


@dataclass(slots=True)
class _Card:
    person: str
    topic: str
    until: datetime
    pause: float
    due: float
    """On the monotonic clock."""
    shown: Notice
    changes: int = 0


class LiveCards:
    """One for each chat: a new list ends the old one, and so does a restart."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        roster: Roster,
        notifier: Notifier,
        wake: Callable[[], None],
        clock: Clock,
        standing: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._store = store
        self._channels = {channel.id: channel for channel in channels}
        self._roster = roster
        self._notifier = notifier
        self._wake = wake
        self._clock = clock
        self._standing = standing
        self._bell = Bell(clock)
        self._cards: dict[tuple[str, str], _Card] = {}

    def topic_for(self, inbound: Inbound, reply: Notice) -> str:
        """What its message is known by later; empty for a reply that stays as it is."""
        channel = self._channels.get(inbound.channel)
        can_change = channel is not None and channel.capabilities.edits
        length = sum(len(part.text) for part in reply.parts)
        if not (reply.live and can_change and length <= LONGEST):
            return ""
        return f"live:{inbound.channel}:{inbound.event}"

    def begin(self, inbound: Inbound, principal: Principal, topic: str) -> None:
        pause = max(EVERY, 3 * self._channels[inbound.channel].pause(inbound.address))
        now = self._clock.now()
        self._cards[(inbound.channel, inbound.address)] = _Card(
            principal.id,
            topic,
            now + LIFE,
            pause,
            self._clock.monotonic() + pause,
            self._essence(principal.id, now),
        )
        self._bell.ring()

    async def run(self) -> None:
        while True:
            next_ = min((card.due for card in self._cards.values()), default=None)
            wait = None if next_ is None else max(0.0, next_ - self._clock.monotonic())
            await self._bell.wait(wait)
            for place, card in tuple(self._cards.items()):
                if card.due <= self._clock.monotonic():
                    await self._tend(place, card)

    async def _tend(self, place: tuple[str, str], card: _Card) -> None:
        now = self._clock.now()
        if card.until <= now:
            del self._cards[place]
            return
        card.due = self._clock.monotonic() + card.pause
        shown = self._essence(card.person, now)
        if shown == card.shown:
            return
        try:
            await self._change(place, card, now)
        except WingmanError as trouble:
            log.warning("live.not_changed", reason=str(trouble))
            return
        card.shown = shown
        self._wake()

    async def _change(self, place: tuple[str, str], card: _Card, now: datetime) -> None:
        card.changes += 1
        key = f"{card.topic}:{card.changes}:{int(now.timestamp())}"
        notice = board(self._roster, card.person, now, self._standing())
        async with self._store.transaction() as tx:
            await self._notifier.refresh(tx, key, place, notice, card.topic)

    def _essence(self, person: str, now: datetime) -> Notice:
        """What has to differ for the message to be changed: neither seconds nor the time, and not
        how the channels stand, which changes with each message."""
        notice = board(self._roster, person, now.replace(second=0, microsecond=0))
        return replace(notice, parts=notice.parts[:-1])
