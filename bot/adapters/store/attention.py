"""What rules of attention keep back, and why: the tables and what is done to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Table,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from bot.adapters.store.codec import from_milliseconds, to_milliseconds, to_row
from bot.adapters.store.link import Link
from bot.adapters.store.tables import SEQUENCE, Words, metadata
from bot.core.records import Delivery, HeldRecord, RulingRecord

held = Table(
    "held",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    Column("key", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("urgency", BigInteger, nullable=False),
    Column("delivery", Words, nullable=False),
    Column("notice", Words, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("rule", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("fold", Boolean, nullable=False),
    UniqueConstraint("key", name="held_key"),
)
Index("held_until", held.c.until)
Index("held_topic", held.c.topic)

rulings = Table(
    "rulings",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("code", Words, nullable=False),
    Column("session", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("rule", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("until", BigInteger, nullable=True),
    *(
        Column(name, Words, server_default="", nullable=False)
        for name in ("key", "topic", "title")
    ),
)
Index("rulings_code", rulings.c.code, rulings.c.seq)
Index("rulings_at", rulings.c.at)


_NEW_RULING = rulings.insert()


class SqlHeld:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, record: HeldRecord) -> bool:
        values = {**to_row(record), "kind": record.notice.kind.value}
        if not await self._link.add(held, ("key",), values):
            return False
        if record.delivery is Delivery.LATEST and record.topic:
            await self._remove_older(record)
        return True

    async def _remove_older(self, record: HeldRecord) -> None:
        there = (held.c.channel == record.channel) & (held.c.address == record.address)
        same = (held.c.topic == record.topic) & (held.c.kind == record.notice.kind.value)
        older = there & same & (held.c.key != record.key)
        await self._link.write(delete(held).where(older))

    async def due(self, now: datetime) -> tuple[HeldRecord, ...]:
        when = held.c.until <= to_milliseconds(now)
        return await self._link.all(HeldRecord, select(held).where(when).order_by(held.c.seq))

    async def next_due(self) -> datetime | None:
        (row,) = await self._link.rows(select(func.min(held.c.until).label("at")))
        return None if row["at"] is None else from_milliseconds(row["at"])

    async def of(self, topic: str) -> tuple[HeldRecord, ...]:
        found = select(held).where(held.c.topic == topic).order_by(held.c.seq)
        return await self._link.all(HeldRecord, found)

    async def all(self) -> tuple[HeldRecord, ...]:
        return await self._link.all(HeldRecord, select(held).order_by(held.c.seq))

    async def postpone(self, record: HeldRecord) -> None:
        row = to_row(record)
        changes: dict[str, Any] = {n: row[n] for n in ("until", "rule", "reason", "fold")}
        await self._link.write(update(held).where(held.c.key == record.key).values(changes))

    async def review(self, now: datetime) -> int:
        return await self._link.write(update(held).values(until=to_milliseconds(now)))

    async def remove(self, key: str) -> None:
        await self._link.write(delete(held).where(held.c.key == key))


class SqlRulings:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, ruling: RulingRecord) -> None:
        await self._link.write(_NEW_RULING, to_row(ruling))

    async def about(self, code: str) -> tuple[RulingRecord, ...]:
        found = select(rulings).where(rulings.c.code == code).order_by(rulings.c.seq)
        return await self._link.all(RulingRecord, found)

    async def since(self, at: datetime) -> tuple[RulingRecord, ...]:
        found = select(rulings).where(rulings.c.at >= to_milliseconds(at)).order_by(rulings.c.seq)
        return await self._link.all(RulingRecord, found)

    async def prune(self, before: datetime) -> int:
        old = rulings.c.at < to_milliseconds(before)
        return await self._link.write(delete(rulings).where(old))
