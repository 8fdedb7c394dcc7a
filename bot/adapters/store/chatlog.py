"""The local phone's messages, in the same database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update

from bot.adapters.store.codec import to_json, to_milliseconds, to_row
from bot.adapters.store.link import Link
from bot.adapters.store.store import SqlStore
from bot.adapters.store.tables import chat
from bot.core.notices import Notice
from bot.ports.chatlog import ChatMessage
from bot.ports.clock import Clock

_HIGHEST = select(func.coalesce(func.max(chat.c.revision), 0).label("revision"))


@dataclass(frozen=True, slots=True)
class _NewMessage:
    """A row before the database has given it its id."""

    revision: int
    at: datetime
    mine: bool
    text: str
    notice: Notice | None
    reply_to: int | None


class SqlChatLog:
    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def append(
        self, text: str, notice: Notice | None, *, mine: bool, reply_to: int | None = None
    ) -> ChatMessage:
        async with self._store.transaction() as tx:
            revision = await _next_revision(tx.link)
            new = _NewMessage(revision, self._clock.now(), mine, text, notice, reply_to)
            await tx.link.write(chat.insert(), to_row(new))
            return await _only(tx.link, select(chat).where(chat.c.revision == revision))

    async def replace(self, message: int, notice: Notice) -> ChatMessage | None:
        async with self._store.transaction() as tx:
            changes = {"revision": await _next_revision(tx.link), "notice": to_json(notice)}
            changed = update(chat).where(chat.c.id == message).values(changes)
            if await tx.link.write(changed) == 0:
                return None
            return await _only(tx.link, select(chat).where(chat.c.id == message))

    async def get(self, message: int) -> ChatMessage | None:
        async with self._store.snapshot() as tx:
            return await tx.link.one(ChatMessage, select(chat).where(chat.c.id == message))

    async def since(self, revision: int, limit: int = 200) -> tuple[ChatMessage, ...]:
        """By revision: a reader goes on from the last one it was given."""
        found = select(chat).where(chat.c.revision > revision)
        newest = found.order_by(chat.c.revision.desc()).limit(limit)
        async with self._store.snapshot() as tx:
            return tuple(reversed(await tx.link.all(ChatMessage, newest)))

    async def prune(self, before: datetime) -> int:
        """But for the newest: numbers go on from there, and none is given twice."""
        async with self._store.transaction() as tx:
            old = chat.c.at < to_milliseconds(before)
            for counted in (chat.c.revision, chat.c.id):
                old &= counted < select(func.max(counted)).scalar_subquery()
            return await tx.link.write(delete(chat).where(old))


async def _next_revision(link: Link) -> int:
    (row,) = await link.rows(_HIGHEST)
    return int(row["revision"]) + 1


async def _only(link: Link, statement: Select[tuple[object, ...]]) -> ChatMessage:
    (message,) = await link.all(ChatMessage, statement)
    return message
