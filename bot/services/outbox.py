"""Delivers outbox rows: in order of urgency, paced, retried by kind of error, given up aloud."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.core.approvals import PromptState
from bot.core.cards import closed_card, session_topic, topic_of, upper_part_of
from bot.core.ids import Code, PromptId
from bot.core.messages import can_wait, is_new, refreshes
from bot.core.notices import NoticeKind
from bot.core.records import Card, OutboxRecord, OutboxState, PromptRecord
from bot.ports.channel import (
    Blocked,
    Channel,
    MessageGone,
    Offline,
    Parked,
    Rejected,
    RetryLater,
    Unreachable,
)
from bot.ports.clock import Clock
from bot.ports.meter import Meter
from bot.ports.store import Store, Transaction
from bot.services.failover import Failover
from bot.services.lanes import Lanes
from bot.services.wake import Bell

log = structlog.get_logger()

MAX_BACKOFF = 60.0
PARKED = timedelta(minutes=15)
"""After so long a parked message is offered again: it may be needed no more."""
AT_ONCE, MANY = 16, 1000
AT_HAND = 0.01
"""Seconds that the local phone waits for messages to others to leave, for they have far to go."""
SOON = 0.02
"""Seconds until a queue is looked at again of which something has just been taken."""
FAULTS = 3
"""How often a message that makes the channel's own code fail is tried."""

_CHANGING = frozenset({NoticeKind.CLOSED, NoticeKind.PROMPT, NoticeKind.PROGRESS})
_ASKING = frozenset({NoticeKind.PROMPT, NoticeKind.REMINDER})


@dataclass(slots=True)
class Way:
    """A channel that is being served."""

    channel: Channel
    carriers: asyncio.TaskGroup
    is_empty: bool = False
    """Nothing was queued when it was looked at last, and nobody has rung since."""
    rung: bool = False
    doubtful: list[str] = field(default_factory=list)


class Outbox:
    """One loop per channel, one lane per recipient: in a lane one message is on its way at a
    time, and no lane waits for another."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        clock: Clock,
        failover: Failover,
        meter: Meter,
    ) -> None:
        self._meter = meter
        self._store = store
        self._clock = clock
        self._failover = failover
        # Woken in this order: the local phone, which has no limit, is at hand anyway.
        far_first = sorted(channels, key=lambda channel: not channel.capabilities.per_second)
        self._bells = {channel.id: Bell(clock) for channel in far_first}
        self._lanes = Lanes(channels, clock)
        self._ways: dict[str, Way] = {}
        """Of the channels that are being served."""
        self._parked: set[tuple[str, str]] = set()
        self._offline: dict[tuple[str, str], int] = {}
        """How often in a row a recipient's provider could not be reached at all."""

    def wake(self) -> None:
        """Something may have been queued."""
        for way in self._ways.values():
            way.is_empty, way.rung = False, True
        for bell in self._bells.values():
            bell.ring()

    async def post(self, tx: Transaction, rows: Sequence[OutboxRecord]) -> None:
        """Queues them. What may go at once is written as being sent already, so that it need not
        be looked for: it goes as soon as that is on the disk."""
        straight = [row for row in rows if await self._goes_straight(tx, row)]
        queued = [row for row in rows if row not in straight]
        if queued:
            await tx.outbox.add(*queued)
            tx.after(lambda kept: self.wake())
        for row in straight:
            begun = await tx.outbox.begin(row)
            if begun is not None:
                self._lanes.take((row.channel, row.address))
                tx.after(partial(self._go, begun))

    async def _goes_straight(self, tx: Transaction, row: OutboxRecord) -> bool:
        way = self._ways.get(row.channel)
        if way is None or not way.is_empty or not is_new(row):
            return False
        if not self._lanes.is_free((row.channel, row.address)):
            return False
        return not await self._cards(tx, row) and await self._settled(tx, row) is None

    def _go(self, row: OutboxRecord, kept: bool) -> None:
        """``kept``: it is on the disk. If not, nobody can say: that is looked at later."""
        way = self._ways.get(row.channel)
        if kept and way is not None:
            way.carriers.create_task(self._carry(way.channel, row, begun=True))
            return
        self._lanes.let_go((row.channel, row.address))
        if way is not None:
            way.doubtful.append(row.key)
            self._bells[row.channel].ring()

    async def recover(self) -> None:
        """After a restart: what was being sent may have arrived, and is sent again."""
        async with self._store.transaction() as tx:
            released = await tx.outbox.release(OutboxState.SENDING)
            waiting = await tx.outbox.due(self._clock.now() + PARKED, MANY)
            self._parked = {(row.channel, row.address) for row in waiting}
        if released:
            log.info("outbox.released", rows=released)

    async def heard(self, channel: str, address: str) -> None:
        """That person wrote: what was parked until then is due."""
        if (channel, address) not in self._parked:
            return
        self._parked.discard((channel, address))
        now = self._clock.now()
        async with self._store.transaction() as tx:
            for row in await tx.outbox.due(now + PARKED, MANY, channel=channel):
                if row.address == address and row.due_at > now:
                    await tx.outbox.replace(replace(row, due_at=now))
        self.wake()

    async def run(self, channel: Channel) -> None:
        bell = self._bells[channel.id]
        async with asyncio.TaskGroup() as carriers:
            way = self._ways[channel.id] = Way(channel, carriers)
            try:
                while True:
                    await self._settle_doubts(way)
                    rows, pause = await self._next(way)
                    for row in rows:
                        self._lanes.take((row.channel, row.address))
                        carriers.create_task(self._carry(channel, row))
                    await bell.wait(SOON if rows else pause)
            finally:
                del self._ways[channel.id]

    async def _settle_doubts(self, way: Way) -> None:
        """Somebody was interrupted while he wrote: if it was kept after all, it is queued."""
        if way.doubtful:
            keys, way.doubtful = way.doubtful, []
            async with self._store.transaction() as tx:
                await tx.outbox.release(OutboxState.SENDING, keys)

    async def _carry(self, channel: Channel, row: OutboxRecord, *, begun: bool = False) -> None:
        try:
            if begun and not channel.capabilities.per_second:
                await self._clock.sleep(AT_HAND)
            await self._deliver(channel, row, begun=begun)
        finally:
            self._lanes.let_go((row.channel, row.address))
            self._bells[channel.id].ring()

    async def _next(self, way: Way) -> tuple[list[OutboxRecord], float | None]:
        """What is to go now, one row for a recipient; else the seconds until something may be
        due, None when nothing is queued.

        What is most urgent goes first. What can wait leaves room for it in a lane's burst."""
        channel, now = way.channel.id, self._clock.now()
        quiet = self._lanes.paused(channel, can_wait=True)
        resting = self._lanes.resting(channel)
        found: dict[str, OutboxRecord] = {}
        way.is_empty = way.rung = False
        async with self._store.snapshot() as tx:
            while (room := self._lanes.room(channel) - len(found)) > 0:
                but_not = {*resting, *found}
                size = MANY if quiet else AT_ONCE
                due = await tx.outbox.due(now, size, channel=channel, but_not=but_not)
                for row in due:
                    if len(found) < room and not (row.address in quiet and can_wait(row)):
                        found.setdefault(row.address, row)
                if len(due) < size or but_not == {*resting, *found}:
                    break
            if found:
                return [*found.values()], None
            later = await tx.outbox.next_due(channel=channel, but_not={*resting, *quiet})
        way.is_empty = later is None and not way.rung
        lanes = (*self._lanes.paused(channel, can_wait=False).values(), *quiet.values())
        times = lanes if later is None else (*lanes, later)
        return [], self._lanes.until(channel, times)

    async def _deliver(self, channel: Channel, row: OutboxRecord, *, begun: bool) -> None:
        """``begun``: it is marked as being sent."""
        if row.give_up_at <= self._clock.now():
            await self._finish(row, OutboxState.DEAD, error="given up after 24 hours")
            log.error("outbox.given_up", channel=row.channel, key=row.key, last=row.error)
            return
        edits = channel.capabilities.edits
        claimed = (row, ()) if begun else await self._claim(row, edits=edits)
        if claimed is None:
            return
        row, cards = claimed
        try:
            message = await self._send(channel, row, cards)
        except (RetryLater, Unreachable) as error:
            outcome = "later"
            await self._again(row, error)
        except Parked as error:
            outcome = "parked"
            await self._park(row, str(error))
        except Blocked as error:
            outcome = "blocked"
            await self._failover.blocked(row, str(error))
            self.wake()
        except Rejected as error:
            outcome = "rejected"
            await self._failover.rejected(row, str(error))
            self.wake()
        except Exception as error:
            # A message that breaks its channel must not break the next one.
            outcome = "failed"
            log.exception("outbox.failed", channel=row.channel, key=row.key)
            await self._failed(row, repr(error))
        else:
            outcome = "sent"
            await self._finish(row, OutboxState.SENT, message=message)
            self._offline.pop((row.channel, row.address), None)
            # They come so far apart that what is urgent need not wait for a refreshed one.
            counts = not refreshes(row)
            self._lanes.sent(channel, row.address, len(message.split()), counts=counts)
            await self._failover.reached(row)
        age = self._clock.now() - row.due_at
        self._meter.sent(channel.id, outcome, age.total_seconds())

    async def _claim(
        self, row: OutboxRecord, *, edits: bool
    ) -> tuple[OutboxRecord, tuple[Card, ...]] | None:
        """Marks it as being sent: what to send, and the messages that its topic has there
        already, newest first.

        None when there is no use in it any more: a card to close that was never sent, or a
        question that has been settled meanwhile. If that may stand on the phone all the same, how
        it ended is told instead."""
        async with self._store.transaction() as tx:
            cards = await self._cards(tx, row)
            only_changes = row.notice.kind is NoticeKind.CLOSED or refreshes(row)
            settled = await self._settled(tx, row)
            may_stand = row.notice.kind is NoticeKind.PROMPT and row.attempts > 0 and not cards
            if settled is not None and may_stand:
                row = replace(row, notice=closed_card(settled))
                settled = None
            # what is kept up to date is not sent again where nothing can be changed
            stale = not edits and (refreshes(row) or row.notice.kind is NoticeKind.PROGRESS)
            useless = (only_changes and not cards) or settled is not None or bool(stale and cards)
            state = OutboxState.DROPPED if useless else OutboxState.SENDING
            await tx.outbox.replace(replace(row, state=state, attempts=row.attempts + 1))
        return None if useless else (row, cards)

    async def _cards(self, tx: Transaction, row: OutboxRecord) -> tuple[Card, ...]:
        if not row.topic or not (row.notice.kind in _CHANGING or refreshes(row)):
            return ()
        cards = await tx.cards.of(row.topic)
        return tuple(c for c in cards if (c.channel, c.address) == (row.channel, row.address))

    async def _settled(self, tx: Transaction, row: OutboxRecord) -> PromptRecord | None:
        """The prompt that this row asks about, if nobody has to decide it any more."""
        kind, _, subject = row.topic.partition(":")
        if row.notice.kind not in _ASKING or kind != "prompt":
            return None
        record = await tx.prompts.get(PromptId(subject))
        return None if record is None or record.state is PromptState.OPEN else record

    async def _send(self, channel: Channel, row: OutboxRecord, cards: Sequence[Card]) -> str:
        """A card is changed where it stands, if it can be; closing one changes all its copies."""
        if not cards or not channel.capabilities.edits:
            return await channel.send(row.address, row.notice)
        copies = cards if row.notice.kind is NoticeKind.CLOSED else cards[:1]
        changed = ""
        for card in copies:
            try:
                await channel.edit(row.address, card.message, row.notice)
            except MessageGone:
                continue
            changed = changed or card.message
        if not changed and refreshes(row):
            raise MessageGone("the message that was kept up to date is gone")
        return changed or await channel.send(row.address, row.notice)

    async def _failed(self, row: OutboxRecord, reason: str) -> None:
        if row.attempts + 1 >= FAULTS:
            await self._failover.rejected(row, reason)
            self.wake()
        else:
            await self._retry(row, _backoff(row.attempts), reason)

    async def _again(self, row: OutboxRecord, error: RetryLater | Unreachable) -> None:
        match error:
            case RetryLater():
                await self._retry(row, error.after, str(error), arrived=False)
            case Offline():
                lane = (row.channel, row.address)
                self._offline[lane] = failures = self._offline.get(lane, 0) + 1
                await self._retry(row, _backoff(failures - 1), str(error), arrived=False)
            case _:
                await self._retry(row, _backoff(row.attempts), str(error))

    async def _retry(
        self, row: OutboxRecord, after: float, reason: str, *, arrived: bool = True
    ) -> None:
        """``arrived``: it may have. Such attempts alone are counted."""
        due = self._clock.now() + timedelta(seconds=after)
        self._lanes.hold((row.channel, row.address), due)
        again = replace(
            row,
            state=OutboxState.QUEUED,
            attempts=row.attempts + arrived,
            due_at=due,
            error=reason,
        )
        log.warning("outbox.retry", channel=row.channel, key=row.key, after=after, reason=reason)
        async with self._store.transaction() as tx:
            await tx.outbox.replace(again)

    async def _park(self, row: OutboxRecord, reason: str) -> None:
        """The others of that recipient are offered too: the channel may tell of all at once."""
        self._parked.add((row.channel, row.address))
        due = self._clock.now() + PARKED
        again = replace(row, state=OutboxState.QUEUED, due_at=due, error=reason)
        log.info("outbox.parked", channel=row.channel, key=row.key, reason=reason)
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
            if state is OutboxState.SENT:
                for card in _cards_of(done, await _topic_of(tx, row), now):
                    await tx.cards.put(card)


async def _topic_of(tx: Transaction, row: OutboxRecord) -> str:
    """What a reply to that message is about; empty for nothing in particular."""
    if row.topic:
        return row.topic
    record = await tx.prompts.by_code(Code(row.notice.code)) if row.notice.code else None
    if record is not None:
        return upper_part_of(topic_of(record))
    return session_topic(row.notice.session) if row.notice.session else ""


def _cards_of(sent: OutboxRecord, topic: str, at: datetime) -> list[Card]:
    """Of several messages the last is the card."""
    if not topic:
        return []
    *above, last = sent.message.split()
    topics = [(upper_part_of(topic), message) for message in above]
    return [
        Card(name, sent.channel, sent.address, message, at)
        for name, message in (*topics, (topic, last))
    ]


def _backoff(attempts: int) -> float:
    """1, 2, 4 … seconds; a day without a network is more than a thousand attempts."""
    return MAX_BACKOFF if attempts > 6 else min(2.0**attempts, MAX_BACKOFF)
