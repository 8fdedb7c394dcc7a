"""Tells again what still waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.approvals import PromptState
from bot.core.attention.cards import reminder
from bot.core.cards import topic_of
from bot.core.ids import Code
from bot.core.notices import Urgency
from bot.core.records import Delivery, PromptRecord
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.attention import Attention
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.roster import Roster

LONGEST = timedelta(minutes=30)
DOUBLINGS = 10
"""More than lead from any sensible interval to LONGEST."""
_OPEN = frozenset({PromptState.OPEN})


class Reminders:
    """Rows are the truth: each open prompt knows when it is due."""

    def __init__(
        self,
        store: Store,
        roster: Roster,
        notifier: Notifier,
        outbox: Outbox,
        attention: Attention,
        clock: Clock,
    ) -> None:
        self._store = store
        self._roster = roster
        self._notifier = notifier
        self._outbox = outbox
        self._attention = attention
        self._clock = clock

    async def check(self) -> None:
        now = self._clock.now()
        async with self._store.snapshot() as tx:
            waiting = await tx.prompts.in_states(_OPEN)
        due = [r for r in waiting if r.remind_at is not None and r.remind_at <= now]
        for record in due:
            async with self._store.transaction() as tx:
                await self._remind(tx, record)
        if due:
            self._outbox.wake()

    async def reschedule(self) -> None:
        """The interval is another one: it counts from the last time that each was told."""
        async with self._store.transaction() as tx:
            for record in await tx.prompts.in_states(_OPEN):
                before = self._clock.now() if record.reminded else record.opened_at
                again = replace(record, remind_at=before + self._pause(record.reminded))
                await tx.prompts.replace(again)

    async def snooze(self, code: Code, until: datetime) -> bool:
        """The next one comes then; False when nothing of that code waits any more."""
        async with self._store.transaction() as tx:
            record = await tx.prompts.by_code(code)
            if record is None or record.state is not PromptState.OPEN:
                return False
            return await tx.prompts.replace(replace(record, remind_at=until))

    def _pause(self, count: int) -> timedelta:
        """Doubling from the first interval on, at most LONGEST apart."""
        interval = self._attention.remind
        doubled: timedelta = interval * 2 ** min(count, DOUBLINGS)
        return min(doubled, max(LONGEST, interval))

    async def _remind(self, tx: Transaction, record: PromptRecord) -> None:
        now = self._clock.now()
        count = record.reminded + 1
        again = replace(record, reminded=count, remind_at=now + self._pause(count))
        if not await tx.prompts.replace(again):
            return
        session = self._roster.get(record.session)
        if session is not None and not session.watched:
            return
        await self._notifier.tell_all(
            tx,
            f"remind:{record.id}:{count}",
            reminder(record, now, session.task if session else ""),
            Urgency.HELP,
            topic_of(record),
            Delivery.LATEST,
            since=record.opened_at,
        )
