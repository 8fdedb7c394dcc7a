"""Two engines on one database: a single connection that writes, and a few that read.

Readers never wait for the writer (WAL), and a slow reader never keeps the writer from its
connection. Transactions are begun by us: left to itself, Python's driver begins them late and
not at all before CREATE TABLE, which would make a migration come in pieces.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.store import faults
from bot.adapters.store.eager import EagerConnection
from bot.adapters.store.place import APPLICATION_ID, Place
from bot.core.errors import StoreUnusable

BUSY_TIMEOUT = 5.0
READERS = 4

WRITER_LOCK = 0x574E474D
"""PostgreSQL's advisory lock of whoever writes: as with SQLite, one at a time in the world."""


@dataclass(frozen=True, slots=True)
class Engines:
    writer: AsyncEngine
    reader: AsyncEngine
    name: str
    """The file or the server, as told to people; without a password."""
    busy_timeout: float
    place: Place | None = None

    async def dispose(self) -> None:
        await self.reader.dispose()
        # Last: SQLite then moves the write-ahead log into the database.
        await self.writer.dispose()


def open_engines(
    url: str | Path,
    *,
    busy_timeout: float = BUSY_TIMEOUT,
    pragmas: Mapping[str, object] | None = None,
    create: bool = True,
) -> Engines:
    parsed = _parse(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed.set(drivername="postgresql+asyncpg"), busy_timeout)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, busy_timeout, pragmas or {}, create)
    raise StoreUnusable("WINGMAN_DATABASE_URL must begin with sqlite or postgresql")


def _parse(url: str | Path) -> URL:
    if isinstance(url, Path):
        return URL.create("sqlite+aiosqlite", database=str(url))
    try:
        return make_url(url)
    except ArgumentError as error:
        raise StoreUnusable("WINGMAN_DATABASE_URL is not a URL like sqlite:////a/file") from error


def _sqlite(url: URL, busy_timeout: float, pragmas: Mapping[str, object], create: bool) -> Engines:
    if url.database in (None, "", ":memory:"):
        raise StoreUnusable("the ledger needs a file: WINGMAN_DATABASE_URL names none")
    place = Place.at(Path(str(url.database)).expanduser(), create=create)
    url = URL.create("sqlite+aiosqlite", database=str(place.path))
    settings = {
        "busy_timeout": int(busy_timeout * 1000),
        "journal_mode": "WAL",
        "synchronous": "FULL",
        "foreign_keys": "ON",
        **pragmas,
    }

    def prepare(connection: Any, record: object) -> None:
        try:
            connection.isolation_level = None  # we begin, not the driver
            cursor = connection.cursor()
            _refuse_foreign(cursor, str(place.path))
            for name, value in settings.items():
                cursor.execute(f"PRAGMA {name}={value}")
            cursor.close()
        except (sqlite3.Error, StoreUnusable):
            connection.close()
            raise

    def engine(begin: str, connections: int, *, writes: bool) -> AsyncEngine:
        made = create_async_engine(
            url,
            async_creator=partial(EagerConnection, str(place.path), writes=writes),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=60,
        )
        event.listen(made.sync_engine, "connect", prepare)
        event.listen(made.sync_engine, "begin", _run(begin))
        return made

    return Engines(
        engine("BEGIN IMMEDIATE", 1, writes=True),
        engine("BEGIN", READERS, writes=False),
        str(place.path),
        busy_timeout,
        place,
    )


def _refuse_foreign(cursor: Any, place: str) -> None:
    """Before anything is set: even a change of the journal would be written into the file."""
    cursor.execute("PRAGMA application_id")
    if cursor.fetchone() != (APPLICATION_ID,):
        raise faults.foreign(place)


def _postgresql(url: URL, busy_timeout: float) -> Engines:
    def engine(connections: int, *begin: str, **options: Any) -> AsyncEngine:
        try:
            made = create_async_engine(
                url, pool_size=connections, max_overflow=0, pool_timeout=60, **options
            )
        except ModuleNotFoundError as error:
            raise StoreUnusable("PostgreSQL needs one more package: asyncpg") from error
        event.listen(made.sync_engine, "begin", _run(*begin))
        return made

    return Engines(
        engine(
            1,
            f"SET LOCAL lock_timeout = {int(busy_timeout * 1000)}",
            f"SELECT pg_advisory_xact_lock({WRITER_LOCK})",
        ),
        engine(READERS, "SET TRANSACTION READ ONLY", isolation_level="REPEATABLE READ"),
        url.render_as_string(hide_password=True),
        busy_timeout,
    )


def _run(*statements: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return begin
