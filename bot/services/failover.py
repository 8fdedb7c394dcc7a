"""What a channel does not take: it goes there in plain words, or to the other channels."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.core.notices import Notice, NoticeKind, Part, Urgency, plainly
from bot.core.records import OutboxRecord, OutboxState
from bot.core.titles import BY_ID, Titles
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alarms import Alarms
from bot.services.notifier import GIVE_UP, Notifier
from bot.services.receipts import URGENT, Receipts, name_of, unreached

log = structlog.get_logger()

MANY = 1000
PLAIN = "plain:"
"""The key of what is sent in plain words begins so."""
TOLD = "rejected:"


class Failover:
    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        alarms: Alarms,
        receipts: Receipts,
        clock: Clock,
        titles: Titles = BY_ID,
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._alarms = alarms
        self._receipts = receipts
        self._clock = clock
        self._titles = titles

    async def blocked(self, row: OutboxRecord, reason: str) -> None:
        """The row is dead, and so is what is urgent behind it. What is not urgent stays: it is
        tried in its turn, and shows when that person can be reached again."""
        async with self._store.transaction() as tx:
            behind = await self._urgent_behind(tx, row)
            for dead in (replace(row, attempts=row.attempts + 1), *behind):
                await tx.outbox.replace(replace(dead, state=OutboxState.DEAD, error=reason))
                if dead.urgency in URGENT:
                    await self._notifier.pass_on(tx, dead)
            who = await name_of(tx, row)
        log.warning("outbox.blocked", channel=row.channel, key=row.key, reason=reason)
        text = f"{self._titles.of(row.channel)} does not reach {who} any more: {reason}"
        await self._alarms.sound(row.channel, unreached(row), text, address=row.address)

    async def rejected(self, row: OutboxRecord, reason: str) -> None:
        """The provider refuses that message, or the channel breaks on it. It goes in plain words;
        if they do not pass either, somebody else hears of it."""
        channel = self._titles.of(row.channel)
        dead = replace(
            row, state=OutboxState.DEAD, attempts=row.attempts + 1, message="", error=reason
        )
        log.error("outbox.rejected", channel=row.channel, key=row.key, reason=reason)
        if row.notice.live:
            await self._bury(dead)
            return
        if not row.key.startswith(PLAIN):
            words = plainly(row.notice, f"{channel} did not take them ({reason})")
            await self._bury(dead, replace(dead, key=PLAIN + row.key, notice=words))
            return
        async with self._store.transaction() as tx:
            await tx.outbox.replace(dead)
            if row.key.startswith(PLAIN + TOLD):
                return  # one that says this of another: that would go on for ever
            if row.urgency in URGENT:
                await self._notifier.pass_on(tx, replace(dead, key=row.key.removeprefix(PLAIN)))
            who = await name_of(tx, row)
            text = f"✗ {channel} did not take a message to {who}: {row.notice.title}"
            notice = Notice(NoticeKind.TROUBLE, text, (Part(reason),))
            key, but_not = TOLD + row.key, (row.channel, row.address)
            await self._notifier.tell_others(tx, key, notice, Urgency.HELP, but_not)

    async def _bury(self, dead: OutboxRecord, instead: OutboxRecord | None = None) -> None:
        async with self._store.transaction() as tx:
            await tx.outbox.replace(dead)
            if instead is not None:
                fresh = replace(instead, state=OutboxState.QUEUED, attempts=0, error="", id=0)
                await tx.outbox.add(replace(fresh, due_at=self._clock.now()))

    async def reached(self, row: OutboxRecord) -> None:
        """A message was taken. Where no more is ever told, that person is not out of reach."""
        if not await self._receipts.taken(row):
            await self._alarms.sound(row.channel, unreached(row), "")

    async def _urgent_behind(self, tx: Transaction, row: OutboxRecord) -> list[OutboxRecord]:
        queued = await tx.outbox.due(self._clock.now() + GIVE_UP, MANY, channel=row.channel)
        return [q for q in queued if q.address == row.address and q.urgency in URGENT]
