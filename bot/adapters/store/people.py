"""People who were paired, and the codes by which they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from bot.adapters.store.codec import to_milliseconds, to_row
from bot.adapters.store.link import Link
from bot.adapters.store.tables import pairing_codes, people
from bot.core.records import PairingCode, Person


class SqlPeople:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def all(self) -> tuple[Person, ...]:
        return await self._link.all(Person, select(people).order_by(people.c.seq))

    async def put(self, person: Person) -> None:
        await self._link.upsert(people, ("channel", "user"), to_row(person))

    async def remove(self, channel: str, user: str) -> bool:
        same = (people.c.channel == channel) & (people.c.user == user)
        return await self._link.write(delete(people).where(same)) > 0


class SqlPairingCodes:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, code: PairingCode) -> None:
        await self._link.write(pairing_codes.insert(), to_row(code))

    async def get(self, hash_: str) -> PairingCode | None:
        found = select(pairing_codes).where(pairing_codes.c.hash == hash_)
        return await self._link.one(PairingCode, found)

    async def open(self, now: datetime) -> tuple[PairingCode, ...]:
        found = select(pairing_codes).where(_is_open(now)).order_by(pairing_codes.c.seq)
        return await self._link.all(PairingCode, found)

    async def use(self, hash_: str, now: datetime) -> bool:
        this = (pairing_codes.c.hash == hash_) & _is_open(now)
        return await self._link.write(update(pairing_codes).where(this).values(used=True)) == 1

    async def remove(self, hash_: str) -> None:
        await self._link.write(delete(pairing_codes).where(pairing_codes.c.hash == hash_))

    async def prune(self, before: datetime) -> int:
        over = pairing_codes.c.expires_at < to_milliseconds(before)
        return await self._link.write(delete(pairing_codes).where(over))


def _is_open(now: datetime) -> ColumnElement[bool]:
    fresh = pairing_codes.c.expires_at > to_milliseconds(now)
    return fresh & pairing_codes.c.used.is_(False)
