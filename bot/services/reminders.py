"""Tells again what still waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.approvals import PromptState
from bot.core.cards import reminder_card, topic_of
from bot.core.notices import Urgency
from bot.core.records import Delivery, PromptRecord
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.roster import Roster

LONGEST = timedelta(minutes=30)
DOUBLINGS = 10
"""More than lead from any sensible interval to LONGEST."""


class Reminders:
    """Rows are the truth: each open prompt knows when it is due."""

    def __init__(
        self,
        store: Store,
        roster: Roster,
        notifier: Notifier,
        outbox: Outbox,
        clock: Clock,
        interval: float,
    ) -> None:
        self._store = store
        self._roster = roster
        self._notifier = notifier
        self._outbox = outbox
        self._clock = clock
        self._interval = timedelta(seconds=interval)

    async def check(self) -> None:
        now = self._clock.now()
        async with self._store.snapshot() as tx:
            waiting = await tx.prompts.in_states(frozenset({PromptState.OPEN}))
        due = [r for r in waiting if r.remind_at is not None and r.remind_at <= now]
        for record in due:
            async with self._store.transaction() as tx:
                await self._remind(tx, record)
        if due:
            self._outbox.wake()

    async def _remind(self, tx: Transaction, record: PromptRecord) -> None:
        """Doubling from the first interval on, at most LONGEST apart."""
        now = self._clock.now()
        count = record.reminded + 1
        doubled = self._interval * 2 ** min(count, DOUBLINGS)
        pause = min(doubled, max(LONGEST, self._interval))
        again = replace(record, reminded=count, remind_at=now + pause)
        if not await tx.prompts.replace(again):
            return
        session = self._roster.get(record.session)
        if session is not None and not session.watched:
            return
        await self._notifier.tell_all(
            tx,
            f"remind:{record.id}:{count}",
            reminder_card(record, now),
            Urgency.HELP,
            topic_of(record),
            Delivery.LATEST,
        )
