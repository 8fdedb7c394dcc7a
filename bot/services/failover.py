"""When somebody takes nothing more on one channel: what was for them goes to the others."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.core.records import OutboxRecord, OutboxState
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alarms import Alarms
from bot.services.notifier import GIVE_UP, Notifier
from bot.services.receipts import URGENT, Receipts, name_of, unreached

log = structlog.get_logger()

MANY = 1000


class Failover:
    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        alarms: Alarms,
        receipts: Receipts,
        clock: Clock,
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._alarms = alarms
        self._receipts = receipts
        self._clock = clock

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
        text = f"{row.channel.capitalize()} does not reach {who} any more: {reason}"
        await self._alarms.sound(row.channel, unreached(row), text, address=row.address)

    async def reached(self, row: OutboxRecord) -> None:
        """A message was taken. Where no more is ever told, that person is not out of reach."""
        if not await self._receipts.taken(row):
            await self._alarms.sound(row.channel, unreached(row), "")

    async def _urgent_behind(self, tx: Transaction, row: OutboxRecord) -> list[OutboxRecord]:
        queued = await tx.outbox.due(self._clock.now() + GIVE_UP, MANY, channel=row.channel)
        return [q for q in queued if q.address == row.address and q.urgency in URGENT]
