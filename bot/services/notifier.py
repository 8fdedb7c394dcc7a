"""From a notice to outbox rows: who gets it, on which channel, under which key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.notices import Notice, Urgency
from bot.core.records import Delivery, OutboxRecord
from bot.ports.channel import Channel, Gathering
from bot.ports.clock import Clock
from bot.ports.store import Transaction
from bot.services.attention import Attention
from bot.services.people import Paired, nobody

GIVE_UP = timedelta(hours=24)


class Notifier:
    """Tells those on the channels' own lists, and those who were paired."""

    def __init__(
        self,
        channels: Sequence[Channel],
        clock: Clock,
        paired: Paired = nobody,
        attention: Attention | None = None,
    ) -> None:
        """Without ``attention`` everything is told at once."""
        self._attention = attention
        self.post: Callable[[Transaction, Sequence[OutboxRecord]], Awaitable[object]] = _queue
        """How rows get into the outbox."""
        self._channels = channels
        self._clock = clock
        self._paired = paired

    async def tell_all(
        self,
        tx: Transaction,
        key: str,
        notice: Notice,
        urgency: Urgency,
        topic: str = "",
        delivery: Delivery = Delivery.MUST,
        *,
        since: datetime | None = None,
    ) -> None:
        """One row per person and channel, in the caller's transaction, as far as the rules of
        attention let it through. Same key: told once. ``since``: when the matter arose."""
        rows = self._rows(self._recipients(), key, notice, urgency, topic, delivery)
        await self._admit(tx, rows, since)

    async def tell_others(
        self,
        tx: Transaction,
        key: str,
        notice: Notice,
        urgency: Urgency,
        but_not: tuple[str, str],
    ) -> None:
        """Everybody but that address of that channel; no address: nobody on that channel."""
        channel, address = but_not
        others = [
            (id_, to)
            for id_, to in self._recipients()
            if id_ != channel or (address and to != address)
        ]
        await self._admit(tx, self._rows(others, key, notice, urgency, "", Delivery.MUST))

    async def tell_on(self, tx: Transaction, key: str, notice: Notice, channel: str) -> None:
        """Those on that channel only."""
        on_it = [(id_, to) for id_, to in self._recipients() if id_ == channel]
        rows = self._rows(on_it, key, notice, Urgency.HELP, "", Delivery.MUST)
        await self._admit(tx, rows)

    async def pass_on(self, tx: Transaction, row: OutboxRecord) -> None:
        """To all other channels, unless they were told the same already. No rule holds it: it
        was to be there by now."""
        key = row.key.removesuffix(f">{row.channel}:{row.address}")
        others = [(id_, to) for id_, to in self._recipients() if id_ != row.channel]
        about = (row.notice, row.urgency, row.topic, row.delivery)
        await tx.outbox.add(*self._rows(others, key, *about))

    def _recipients(self) -> list[tuple[str, str]]:
        """Channel and address; nobody twice."""
        everybody = [
            (channel.id, address)
            for channel in self._channels
            for address in (*channel.allowed.values(), *self._paired_at(channel))
        ]
        return list(dict.fromkeys(everybody))

    def _paired_at(self, channel: Channel) -> list[str]:
        place = channel.gathering if isinstance(channel, Gathering) else ""
        return [place or address for address in self._paired(channel.id).values()]

    def lists(self, channel: str, address: str) -> bool:
        """Whether the channel's own list has that address told."""
        return any(c.id == channel and address in c.allowed.values() for c in self._channels)

    async def _admit(
        self, tx: Transaction, rows: Iterable[OutboxRecord], since: datetime | None = None
    ) -> None:
        if self._attention is not None:
            admitted = [await self._attention.admit(tx, row, since) for row in rows]
            rows = [row for row in admitted if row is not None]
        await self.post(tx, [*rows])

    def _rows(
        self,
        recipients: Sequence[tuple[str, str]],
        key: str,
        notice: Notice,
        urgency: Urgency,
        topic: str,
        delivery: Delivery,
    ) -> Iterator[OutboxRecord]:
        for channel, address in recipients:
            yield self._row(key, channel, address, notice, urgency, topic, delivery)

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

    async def refresh(
        self,
        tx: Transaction,
        key: str,
        to: tuple[str, str],
        notice: Notice,
        topic: str,
        urgency: Urgency = Urgency.PROGRESS,
    ) -> None:
        """Changes the message of that topic; unless it is urgent, once nothing else is to be
        sent there."""
        row = self._row(key, *to, notice, urgency, topic, Delivery.LATEST)
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


async def _queue(tx: Transaction, rows: Sequence[OutboxRecord]) -> None:
    await tx.outbox.add(*rows)
