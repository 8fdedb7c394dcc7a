"""What became of messages after their provider took them: what got lost is sent again, or goes to
the person's other channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from bot.core.fate import ARRIVED, LOST, Fate, later
from bot.core.notices import Urgency
from bot.core.records import OutboxRecord, OutboxState, Report
from bot.core.titles import BY_ID, Titles
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.receipts import Receipt, Receipted
from bot.ports.store import Store, Transaction
from bot.services.alarms import Alarms
from bot.services.notifier import Notifier

log = structlog.get_logger()

TRIES = 5
"""A message that bounced so often goes elsewhere: each attempt may cost money."""
URGENT = frozenset({Urgency.APPROVAL, Urgency.HELP})


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is to be said once the ledger has it; without a text all is well again."""

    row: OutboxRecord
    is_lost: bool
    text: str = ""


class Receipts:
    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        notifier: Notifier,
        alarms: Alarms,
        wake: Callable[[], None],
        clock: Clock,
        titles: Titles = BY_ID,
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._alarms = alarms
        self._wake = wake
        self._clock = clock
        self._titles = titles
        self._channels = {c.id: c for c in channels if isinstance(c, Receipted)}

    def listen(self) -> None:
        """Before anything is received."""
        for id_, channel in self._channels.items():
            channel.on_receipt(self.of(id_))

    def of(self, channel: str) -> Receipt:
        return partial(self.report, channel)

    async def report(self, channel: str, message: str, fate: Fate, error: str) -> None:
        turn = None
        async with self._store.transaction() as tx:
            known = await tx.reports.get(channel, message)
            before = known.fate if known else None
            if later(before, fate) is before:
                return
            report = Report(channel, message, fate, error, self._clock.now())
            await tx.reports.put(report)
            # No row: it is the channel's own, or the outbox does not know yet that it was taken.
            row = await tx.outbox.by_message(channel, message)
            if row is not None:
                turn = await self._settle(tx, row, [report])
        await self._say(turn)

    async def taken(self, row: OutboxRecord) -> bool:
        """A provider has it, and may have told of it already; False where it never tells."""
        if row.channel not in self._channels:
            return False
        turn = None
        async with self._store.transaction() as tx:
            sent = await tx.outbox.get(row.id)
            if sent is not None and sent.state is OutboxState.SENT:
                turn = await self._settle(tx, sent, await _reports(tx, sent))
        await self._say(turn)
        return True

    async def _settle(
        self, tx: Transaction, row: OutboxRecord, reports: Sequence[Report]
    ) -> _Turn | None:
        lost = next((report for report in reports if report.fate in LOST), None)
        if lost is not None:
            return await self._lost(tx, row, lost)
        arrived = any(report.fate in ARRIVED for report in reports)
        return _Turn(row, is_lost=False) if arrived else None

    async def _lost(self, tx: Transaction, row: OutboxRecord, report: Report) -> _Turn:
        """No card stands on that phone: a name alone decides nothing there."""
        for message in row.message.split():
            await tx.cards.remove(row.channel, row.address, message)
        reason = f"it did not arrive (error {report.error or 'unknown'})"
        log.warning("receipts.lost", channel=row.channel, key=row.key, error=report.error)
        if report.fate is Fate.BOUNCED and row.attempts < TRIES:
            due = self._clock.now() + timedelta(seconds=2.0**row.attempts)
            again = replace(row, state=OutboxState.QUEUED, due_at=due, message="", error=reason)
            await tx.outbox.replace(again)
            return _Turn(row, is_lost=True)
        await tx.outbox.replace(replace(row, state=OutboxState.DEAD, error=reason))
        if row.urgency in URGENT:
            await self._notifier.pass_on(tx, row)
        who = await name_of(tx, row)
        text = f"{self._titles.of(row.channel)} did not bring a message to {who}: {reason}"
        return _Turn(row, is_lost=True, text=text)

    async def _say(self, turn: _Turn | None) -> None:
        if turn is None:
            return
        row = turn.row
        if turn.is_lost:
            self._wake()
        if turn.text or not turn.is_lost:
            key = unreached(row)
            await self._alarms.sound(row.channel, key, turn.text, address=row.address)


async def _reports(tx: Transaction, row: OutboxRecord) -> list[Report]:
    found = [await tx.reports.get(row.channel, message) for message in row.message.split()]
    return [report for report in found if report is not None]


def unreached(row: OutboxRecord) -> str:
    """The key of the alarm that this person gets nothing."""
    return f"blocked:{row.address}"


async def name_of(tx: Transaction, row: OutboxRecord) -> str:
    """The person by name, if only one ever wrote from there."""
    names = await tx.inbox.names(row.channel, row.address)
    return names[0] if len(names) == 1 else row.address
