"""What has come in, and what is on its way out."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select, tuple_, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.adapters.store.codec import from_milliseconds, to_milliseconds, to_row
from bot.adapters.store.link import Link, insert_into
from bot.adapters.store.tables import inbox, outbox
from bot.core.decisions import Inbound
from bot.core.errors import NotFound
from bot.core.ids import EventId
from bot.core.records import Delivery, InboxRecord, InboxState, OutboxRecord, OutboxState

# Built once: a statement that is made anew each time costs three times as much as to run it.
_ADVANCED = update(inbox).where(
    (inbox.c.channel == bindparam("of_channel")) & (inbox.c.event == bindparam("of_event"))
)
_REPLACED = update(outbox).where(outbox.c.id == bindparam("same"))
_IS_QUEUED = outbox.c.state == OutboxState.QUEUED.value
_TO_OTHERS = _IS_QUEUED & outbox.c.address.not_in(bindparam("but_not", expanding=True))
_OF_CHANNEL = outbox.c.channel == bindparam("channel")
_FIRST = (outbox.c.urgency, outbox.c.created_at, outbox.c.id)


def _both(found: Select[Any]) -> dict[bool, Select[Any]]:
    """For a channel (True) and for all."""
    return {True: found.where(_OF_CHANNEL), False: found}


_DUE = _both(
    select(outbox)
    .where(_TO_OTHERS & (outbox.c.due_at <= bindparam("now")))
    .order_by(*_FIRST)
    .limit(bindparam("limit"))
)
_NEXT = _both(select(func.min(outbox.c.due_at).label("at")).where(_TO_OTHERS))
_DEPTHS = (
    select(
        outbox.c.channel,
        func.count().label("rows"),
        func.min(outbox.c.created_at).label("since"),
    )
    .where(_IS_QUEUED)
    .group_by(outbox.c.channel)
)


@functools.cache
def _new_rows(dialect: str) -> ReturningInsert[Any]:
    new = insert_into(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])
    return new.returning(outbox.c.key, outbox.c.id)


_OVER = (OutboxState.SENT, OutboxState.DROPPED, OutboxState.DEAD)


class SqlInbox:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, inbound: Inbound, at: datetime) -> bool:
        row = to_row(InboxRecord(inbound, InboxState.NEW, at))
        return await self._link.add(inbox, ("channel", "event"), row)

    async def in_state(self, state: InboxState) -> tuple[InboxRecord, ...]:
        found = select(inbox).where(inbox.c.state == state.value).order_by(inbox.c.seq)
        return await self._link.all(InboxRecord, found)

    async def advance(
        self, channel: str, event: EventId, state: InboxState, outcome: str = ""
    ) -> None:
        about = {"of_channel": channel, "of_event": event}
        changes = {"state": state.value, "outcome": outcome}
        if await self._link.write(_ADVANCED, {**about, **changes}) == 0:
            raise NotFound(f"the ledger has no event {event!r} of {channel}")

    async def get(self, channel: str, event: EventId) -> Inbound | None:
        same = (inbox.c.channel == channel) & (inbox.c.event == event)
        found = await self._link.one(InboxRecord, select(inbox).where(same))
        return found.inbound if found else None

    async def names(self, channel: str, address: str) -> tuple[str, ...]:
        there = (inbox.c.channel == channel) & (inbox.c.address == address)
        last = select(func.max(inbox.c.seq)).where(there).group_by(inbox.c.user)
        found = select(inbox.c.name).where(inbox.c.seq.in_(last)).order_by(inbox.c.seq)
        return tuple(str(row["name"]) for row in await self._link.rows(found))

    async def prune(self, before: datetime) -> int:
        handled = inbox.c.state.in_([InboxState.DONE.value, InboxState.REJECTED.value])
        old = inbox.c.received_at < to_milliseconds(before)
        return await self._link.write(delete(inbox).where(handled & old))


class SqlOutbox:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, *records: OutboxRecord) -> bool:
        if not records:
            return False
        added = await self._insert(records)
        fresh = [record for record in records if record.key in added]
        if any(record.topic for record in fresh):
            await self._drop_older(fresh)
        return len(fresh) == len(records)

    async def begin(self, record: OutboxRecord) -> OutboxRecord | None:
        sending = replace(record, state=OutboxState.SENDING, attempts=record.attempts + 1)
        number = (await self._insert([sending])).get(record.key)
        return None if number is None else replace(record, id=number)

    async def _insert(self, records: Sequence[OutboxRecord]) -> dict[str, int]:
        """The numbers of those that are new, by key."""
        rows = [to_row(record) for record in records]
        for row in rows:
            del row["id"]  # given by the database
        new = _new_rows(self._link.dialect)
        returned = await self._link.written(new, rows)
        return {row["key"]: row["id"] for row in returned}

    async def _drop_older(self, fresh: Sequence[OutboxRecord]) -> None:
        """Kept as rows, so that their keys stay taken."""
        places = [(r.channel, r.address, r.topic) for r in fresh if r.topic]
        place = tuple_(outbox.c.channel, outbox.c.address, outbox.c.topic)
        waiting = outbox.c.state == OutboxState.QUEUED.value
        passing = outbox.c.delivery == Delivery.LATEST.value
        others = outbox.c.key.not_in([record.key for record in fresh])
        dropped = update(outbox).where(waiting & passing & place.in_(places) & others)
        await self._link.write(
            dropped.values(state=OutboxState.DROPPED.value, error="a newer one took its place")
        )

    async def due(
        self,
        now: datetime,
        limit: int = 50,
        *,
        channel: str | None = None,
        but_not: Collection[str] = (),
    ) -> tuple[OutboxRecord, ...]:
        values = {**_place(channel, but_not), "now": to_milliseconds(now), "limit": limit}
        return await self._link.all(OutboxRecord, _DUE[channel is not None], values)

    async def next_due(
        self, *, channel: str | None = None, but_not: Collection[str] = ()
    ) -> datetime | None:
        (row,) = await self._link.rows(_NEXT[channel is not None], _place(channel, but_not))
        return None if row["at"] is None else from_milliseconds(row["at"])

    async def depths(self) -> dict[str, tuple[int, datetime]]:
        return {
            row["channel"]: (row["rows"], from_milliseconds(row["since"]))
            for row in await self._link.rows(_DEPTHS)
        }

    async def replace(self, record: OutboxRecord) -> None:
        row = to_row(record)
        changes = {n: row[n] for n in ("state", "attempts", "due_at", "message", "error")}
        if await self._link.write(_REPLACED, {**changes, "same": record.id}) == 0:
            raise NotFound(f"the outbox has no row {record.id}")

    async def get(self, row: int) -> OutboxRecord | None:
        return await self._link.one(OutboxRecord, select(outbox).where(outbox.c.id == row))

    async def by_message(self, channel: str, message: str) -> OutboxRecord | None:
        is_sent = outbox.c.state == OutboxState.SENT.value
        has_it = outbox.c.message.contains(message, autoescape=True)
        found = select(outbox).where((outbox.c.channel == channel) & is_sent & has_it)
        rows = await self._link.all(OutboxRecord, found)
        return next((row for row in rows if message in row.message.split()), None)

    async def about(self, topic: str) -> tuple[OutboxRecord, ...]:
        found = select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.id)
        return await self._link.all(OutboxRecord, found)

    async def naming(self, session: str, since: datetime) -> tuple[OutboxRecord, ...]:
        """By the notice, which is canonical JSON."""
        made = outbox.c.created_at >= to_milliseconds(since)
        named = outbox.c.notice.contains(f'"session":{json.dumps(session)}', autoescape=True)
        found = select(outbox).where(made & named).order_by(outbox.c.id)
        return await self._link.all(OutboxRecord, found)

    async def made_since(self, at: datetime) -> tuple[OutboxRecord, ...]:
        since = outbox.c.created_at >= to_milliseconds(at)
        return await self._link.all(
            OutboxRecord, select(outbox).where(since).order_by(outbox.c.id)
        )

    async def release(self, state: OutboxState, keys: Collection[str] | None = None) -> int:
        left = update(outbox).where(outbox.c.state == state.value)
        if keys is not None:
            left = left.where(outbox.c.key.in_(keys))
        return await self._link.write(left.values(state=OutboxState.QUEUED.value))

    async def prune(self, before: datetime) -> int:
        over = outbox.c.state.in_([state.value for state in _OVER])
        old = outbox.c.created_at < to_milliseconds(before)
        return await self._link.write(delete(outbox).where(over & old))


def _place(channel: str | None, but_not: Collection[str]) -> dict[str, Any]:
    there = {} if channel is None else {"channel": channel}
    return {**there, "but_not": sorted(but_not)}
