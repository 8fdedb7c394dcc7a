"""From a notice to outbox rows: who gets it, on which channel, under which key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.notices import Notice, Urgency
from bot.core.records import Delivery, OutboxRecord
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.store import Transaction

GIVE_UP = timedelta(hours=24)


class Notifier:
    def __init__(self, channels: Sequence[Channel], clock: Clock) -> None:
        self._channels = channels
        self._clock = clock

    async def tell_all(
        self,
        tx: Transaction,
        key: str,
        notice: Notice,
        urgency: Urgency,
        topic: str = "",
        delivery: Delivery = Delivery.MUST,
    ) -> None:
        """One row per person and channel, in the caller's transaction. Same key: told once."""
        await self._tell(tx, self._channels, key, notice, urgency, topic, delivery)

    async def tell_others(
        self, tx: Transaction, key: str, notice: Notice, urgency: Urgency, but_not: str
    ) -> None:
        """Everybody, but not on the channel of that id."""
        others = [channel for channel in self._channels if channel.id != but_not]
        await self._tell(tx, others, key, notice, urgency, "", Delivery.MUST)

    async def _tell(
        self,
        tx: Transaction,
        channels: Sequence[Channel],
        key: str,
        notice: Notice,
        urgency: Urgency,
        topic: str,
        delivery: Delivery,
    ) -> None:
        for channel in channels:
            for address in dict.fromkeys(channel.allowed.values()):
                row = self._row(key, channel.id, address, notice, urgency, topic, delivery)
                await tx.outbox.add(row)

    async def update_cards(self, tx: Transaction, key: str, notice: Notice, topic: str) -> None:
        """Changes every copy of a card that was sent or is about to be."""
        await self.tell_all(tx, key, notice, Urgency.APPROVAL, topic, Delivery.LATEST)

    async def reply(
        self, tx: Transaction, key: str, to: tuple[str, str], notice: Notice, topic: str = ""
    ) -> None:
        """``to`` is a channel and an address of it. Whoever wrote at the machine itself has no
        phone of his own there: everybody is told."""
        channel, address = to
        if not any(known.id == channel for known in self._channels):
            await self.tell_all(tx, key, notice, Urgency.HELP, topic)
            return
        row = self._row(key, channel, address, notice, Urgency.APPROVAL, topic, Delivery.MUST)
        await tx.outbox.add(row)

    def _row(
        self,
        key: str,
        channel: str,
        address: str,
        notice: Notice,
        urgency: Urgency,
        topic: str,
        delivery: Delivery,
    ) -> OutboxRecord:
        now = self._clock.now()
        return OutboxRecord(
            key=f"{key}>{channel}:{address}",
            channel=channel,
            address=address,
            urgency=urgency,
            delivery=delivery,
            notice=notice,
            created_at=now,
            due_at=now,
            give_up_at=now + GIVE_UP,
            topic=topic,
        )
