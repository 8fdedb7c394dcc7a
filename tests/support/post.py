"""An outbox at work, and a person who queues notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.core.approvals import PromptState
from bot.core.ids import PromptId
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import Delivery, OutboxRecord
from bot.ports.channel import Capabilities
from bot.ports.meter import NoMeter
from bot.ports.store import Store
from bot.services.alarms import Alarms
from bot.services.failover import Failover
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.receipts import Receipts
from tests.support.ledger_rows import prompt_record
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock
from tests.support.world import ledger

ANN, BOB = "chat-1", "chat-2"


def two_people(id_: str = "fake", *, edits: bool = True, pause: float = 0.0) -> FakePhone:
    abilities = Capabilities(buttons=True, edits=edits, text_limit=4096)
    people = {"1": ANN, "2": BOB}
    pauses = dict.fromkeys((ANN, BOB), pause)
    return FakePhone(id_, capabilities=abilities, allowed=people, pauses=pauses)


class Post:
    """An outbox at work, and a person who queues notices."""

    def __init__(self, store: Store, *phones: FakePhone) -> None:
        self.store = store
        self.clock = VirtualClock()
        self.phones = phones
        self.notifier = Notifier(phones, self.clock)
        alarms = Alarms(store, self.notifier, self.clock)
        self.receipts = Receipts(store, phones, self.notifier, alarms, self.wake, self.clock)
        self.receipts.listen()
        failover = Failover(store, self.notifier, alarms, self.receipts, self.clock)
        self.outbox = Outbox(store, phones, self.clock, failover, NoMeter())
        self._count = 0

    def wake(self) -> None:
        self.outbox.wake()

    async def queue(
        self,
        title: str,
        to: str = ANN,
        *,
        kind: NoticeKind = NoticeKind.STATE,
        urgency: Urgency = Urgency.HELP,
        topic: str = "",
        channel: str = "fake",
        attempts: int = 0,
        delivery: Delivery = Delivery.MUST,
    ) -> None:
        self._count += 1
        now = self.clock.now()
        record = OutboxRecord(
            key=f"{title}-{self._count}",
            channel=channel,
            address=to,
            urgency=urgency,
            delivery=delivery,
            notice=Notice(kind, title),
            created_at=now,
            due_at=now,
            give_up_at=now + timedelta(hours=24),
            topic=topic,
            attempts=attempts,
        )
        async with self.store.transaction() as tx:
            await tx.outbox.add(record)
        self.outbox.wake()

    def row(self, title: str, to: str = ANN) -> OutboxRecord:
        now = self.clock.now()
        notice, end = Notice(NoticeKind.STATE, title), now + timedelta(hours=24)
        must = Delivery.MUST
        return OutboxRecord(title, "fake", to, Urgency.HELP, must, notice, now, now, end)

    async def rows(self) -> list[OutboxRecord]:
        """What is still queued, due or not."""
        later = self.clock.now() + timedelta(days=9)
        async with self.store.snapshot() as tx:
            return list(await tx.outbox.due(later, 1000))

    async def waits(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


@asynccontextmanager
async def at_work(folder: Path, *phones: FakePhone, begin: bool = True) -> AsyncIterator[Post]:
    async with ledger(folder) as store:
        post = Post(store, *phones)
        await post.outbox.recover()
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(post.outbox.run(p)) for p in phones] if begin else []
            yield post
            for loop in loops:
                loop.cancel()


@asynccontextmanager
async def sent(folder: Path, *phones: FakePhone) -> AsyncIterator[Post]:
    """Queue first; delivery begins when this is left."""
    async with at_work(folder, *phones, begin=False) as post:
        yield post
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(post.outbox.run(p)) for p in phones]
            await post.waits(30)
            for loop in loops:
                loop.cancel()


async def settle(post: Post, state: PromptState) -> None:
    async with post.store.transaction() as tx:
        record = await tx.prompts.get(PromptId("p1"))
        if record is None:
            await tx.prompts.add(prompt_record(state=state))
        else:
            await tx.prompts.replace(replace(record, state=state))
