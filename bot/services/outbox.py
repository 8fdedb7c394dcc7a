"""Delivers outbox rows: in order of urgency, paced, retried by kind of error, given up aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.notices import NoticeKind
from bot.core.records import Card, OutboxRecord, OutboxState
from bot.ports.channel import Channel, MessageGone, Rejected, RetryLater, Unreachable
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.wake import Bell

log = structlog.get_logger()

MAX_BACKOFF = 60.0


class Outbox:
    """One loop per channel; within a channel one message at a time."""

    def __init__(self, store: Store, channels: Sequence[Channel], clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._bells = {channel.id: Bell(clock) for channel in channels}
        self._paused: dict[tuple[str, str], datetime] = {}

    def wake(self) -> None:
        for bell in self._bells.values():
            bell.ring()

    async def recover(self) -> None:
        """After a restart: what was being sent may have arrived, and is sent again."""
        async with self._store.transaction() as tx:
            released = await tx.outbox.release(OutboxState.SENDING)
        if released:
            log.info("outbox.released", rows=released)

    async def run(self, channel: Channel) -> None:
        bell = self._bells[channel.id]
        while True:
            row = await self._next(channel)
            if row is None:
                await bell.wait(await self._pause(channel))
                continue
            await self._deliver(channel, row)

    async def _next(self, channel: Channel) -> OutboxRecord | None:
        now = self._clock.now()
        async with self._store.snapshot() as tx:
            due = await tx.outbox.due(now)
        for row in due:
            lane = (row.channel, row.address)
            if row.channel == channel.id and self._paused.get(lane, now) <= now:
                return row
        return None

    async def _pause(self, channel: Channel) -> float | None:
        """Seconds until the next row or lane of this channel may be due; None: nothing queued."""
        async with self._store.snapshot() as tx:
            due = await tx.outbox.next_due()
        if due is None:
            return None
        now = self._clock.now()
        lanes = [until for lane, until in self._paused.items() if lane[0] == channel.id]
        waiting = [until for until in (*lanes, due) if until > now]
        return (min(waiting) - now).total_seconds() if waiting else 1.0

    async def _deliver(self, channel: Channel, row: OutboxRecord) -> None:
        if row.give_up_at <= self._clock.now():
            await self._finish(row, OutboxState.DEAD, error="given up after 24 hours")
            log.error("outbox.given_up", channel=row.channel, key=row.key, last=row.error)
            return
        card = await self._claim(row)
        if row.notice.kind is NoticeKind.CLOSED and card is None:
            # The person never saw the card that this would change.
            await self._finish(row, OutboxState.DROPPED)
            return
        try:
            message = await self._send(channel, row, card)
        except RetryLater as error:
            await self._retry(row, error.after, str(error))
        except Unreachable as error:
            await self._retry(row, min(2.0**row.attempts, MAX_BACKOFF), str(error))
        except Rejected as error:
            await self._finish(row, OutboxState.DEAD, error=str(error))
            log.warning("outbox.rejected", channel=row.channel, key=row.key, reason=str(error))
        else:
            await self._finish(row, OutboxState.SENT, message=message)
            self._pace(channel, row)

    async def _claim(self, row: OutboxRecord) -> Card | None:
        async with self._store.transaction() as tx:
            await tx.outbox.replace(
                replace(row, state=OutboxState.SENDING, attempts=row.attempts + 1)
            )
            return await self._card(tx, row)

    async def _card(self, tx: Transaction, row: OutboxRecord) -> Card | None:
        if not row.topic:
            return None
        cards = await tx.cards.of(row.topic)
        mine = (c for c in cards if (c.channel, c.address) == (row.channel, row.address))
        return next(mine, None)

    async def _send(self, channel: Channel, row: OutboxRecord, card: Card | None) -> str:
        changes = row.notice.kind in (NoticeKind.CLOSED, NoticeKind.PROMPT)
        if card is None or not channel.capabilities.edits or not changes:
            return await channel.send(row.address, row.notice)
        try:
            await channel.edit(row.address, card.message, row.notice)
        except MessageGone:
            return await channel.send(row.address, row.notice)
        return card.message

    async def _retry(self, row: OutboxRecord, after: float, reason: str) -> None:
        due = self._clock.now() + timedelta(seconds=after)
        self._paused[(row.channel, row.address)] = due
        again = replace(
            row, state=OutboxState.QUEUED, attempts=row.attempts + 1, due_at=due, error=reason
        )
        log.warning("outbox.retry", channel=row.channel, key=row.key, after=after, reason=reason)
        async with self._store.transaction() as tx:
            await tx.outbox.replace(again)

    async def _finish(
        self, row: OutboxRecord, state: OutboxState, message: str = "", error: str = ""
    ) -> None:
        now = self._clock.now()
        done = replace(
            row, state=state, attempts=row.attempts + 1, message=message, error=error or row.error
        )
        async with self._store.transaction() as tx:
            await tx.outbox.replace(done)
            if state is OutboxState.SENT and row.topic:
                await tx.cards.put(Card(row.topic, row.channel, row.address, message, now))

    def _pace(self, channel: Channel, row: OutboxRecord) -> None:
        interval = channel.capabilities.interval
        if interval:
            lane = (row.channel, row.address)
            self._paused[lane] = self._clock.now() + timedelta(seconds=interval)
