"""When somebody takes nothing more on one channel: what was for them goes to the others."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.core.notices import Urgency
from bot.core.records import OutboxRecord, OutboxState
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alarms import Alarms
from bot.services.notifier import GIVE_UP, Notifier

log = structlog.get_logger()

MANY = 1000
_URGENT = frozenset({Urgency.APPROVAL, Urgency.HELP})


class Failover:
    def __init__(self, store: Store, notifier: Notifier, alarms: Alarms, clock: Clock) -> None:
        self._store = store
        self._notifier = notifier
        self._alarms = alarms
        self._clock = clock

    async def blocked(self, row: OutboxRecord, reason: str) -> None:
        """The row is dead, and so is what is urgent behind it. What is not urgent stays: it is
        tried in its turn, and shows when that person can be reached again."""
        async with self._store.transaction() as tx:
            behind = await self._urgent_behind(tx, row)
            for dead in (replace(row, attempts=row.attempts + 1), *behind):
                await tx.outbox.replace(replace(dead, state=OutboxState.DEAD, error=reason))
                if dead.urgency in _URGENT:
                    await self._notifier.pass_on(tx, dead)
            who = await _who(tx, row)
        log.warning("outbox.blocked", channel=row.channel, key=row.key, reason=reason)
        text = f"{row.channel.capitalize()} does not reach {who} any more: {reason}"
        await self._alarms.sound(row.channel, _key(row), text, address=row.address)

    async def reached(self, row: OutboxRecord) -> None:
        """A message arrived: if that person was out of reach, they are not any more."""
        await self._alarms.sound(row.channel, _key(row), "")

    async def _urgent_behind(self, tx: Transaction, row: OutboxRecord) -> list[OutboxRecord]:
        queued = await tx.outbox.due(self._clock.now() + GIVE_UP, MANY, channel=row.channel)
        return [q for q in queued if q.address == row.address and q.urgency in _URGENT]


def _key(row: OutboxRecord) -> str:
    return f"blocked:{row.address}"


async def _who(tx: Transaction, row: OutboxRecord) -> str:
    """The person by name, if only one ever wrote from there."""
    names = await tx.inbox.names(row.channel, row.address)
    return names[0] if len(names) == 1 else row.address
