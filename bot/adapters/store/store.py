"""The ledger in a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.store import faults, schema
from bot.adapters.store.attention import SqlHeld, SqlRulings
from bot.adapters.store.audit import AuditReport, SqlAudit, verify
from bot.adapters.store.engines import BUSY_TIMEOUT, Engines, open_engines
from bot.adapters.store.link import Link, uninterrupted
from bot.adapters.store.people import SqlPairingCodes, SqlPeople
from bot.adapters.store.queues import SqlInbox, SqlOutbox
from bot.adapters.store.repositories import (
    SqlCards,
    SqlMeta,
    SqlPresses,
    SqlPrompts,
    SqlReports,
    SqlSessions,
    SqlTexts,
)


class SqlTransaction:
    def __init__(self, link: Link, afterwards: list[Callable[[bool], None]] | None = None) -> None:
        self.link = link
        self._afterwards = [] if afterwards is None else afterwards
        self.sessions = SqlSessions(link)
        self.prompts = SqlPrompts(link)
        self.presses = SqlPresses(link)
        self.inbox = SqlInbox(link)
        self.outbox = SqlOutbox(link)
        self.held = SqlHeld(link)
        self.rulings = SqlRulings(link)
        self.cards = SqlCards(link)
        self.reports = SqlReports(link)
        self.texts = SqlTexts(link)
        self.people = SqlPeople(link)
        self.pairing_codes = SqlPairingCodes(link)
        self.audit = SqlAudit(link)
        self.meta = SqlMeta(link)

    def after(self, done: Callable[[bool], None]) -> None:
        self._afterwards.append(done)


class SqlStore:
    """Made by ``open``. ``close`` it, or use it as a context manager."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[object] | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        url: str | Path,
        *,
        read_only: bool = False,
        busy_timeout: float = BUSY_TIMEOUT,
        pragmas: Mapping[str, object] | None = None,
    ) -> SqlStore:
        """Creates the database, checks it, and brings its tables up to date.

        ``url`` is a database URL or the path of a SQLite file; ``pragmas`` are set on each
        connection of SQLite; with ``read_only`` nothing is created or migrated.
        Raises StoreUnusable."""
        if read_only:
            pragmas = {**(pragmas or {}), "query_only": "ON"}
        store = cls(
            open_engines(url, busy_timeout=busy_timeout, pragmas=pragmas, create=not read_only)
        )
        try:
            await store._prepare(read_only=read_only)
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def name(self) -> str:
        """The file or the server, as it is told to people; without a password."""
        return self._engines.name

    async def close(self) -> None:
        """Whoever uses it afterwards gets a RuntimeError: an engine would open the file again, and
        nobody would close that."""
        self._closed = True
        await uninterrupted(self._engines.dispose())

    async def __aenter__(self) -> SqlStore:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[SqlTransaction]:
        if self._writer is asyncio.current_task():
            raise RuntimeError("a transaction within a transaction would wait for itself")
        async with self._writing:
            self._writer = asyncio.current_task()
            afterwards: list[Callable[[bool], None]] = []
            kept = False
            try:
                async with self._link(self._engines.writer, writes=True) as link:
                    yield SqlTransaction(link, afterwards)
                kept = True
            finally:
                self._writer = None
                for done in afterwards:
                    done(kept)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[SqlTransaction]:
        async with self._link(self._engines.reader, writes=False) as link:
            yield SqlTransaction(link)

    async def verify_audit(self) -> AuditReport:
        """Reads the whole audit log and recomputes its chain of hashes."""
        async with self.snapshot() as tx:
            return await verify(tx.link)

    @asynccontextmanager
    async def _link(self, engine: AsyncEngine, *, writes: bool) -> AsyncGenerator[Link]:
        """One database transaction: committed on leaving if it writes, else rolled back."""
        engines = self._engines
        async with self._begun(engine) as connection:
            link = Link(connection, engines.name, engines.busy_timeout, writes=writes)
            yield link
            if writes:
                link.check()
                if engines.place is not None:
                    engines.place.check()
                with _explained(engines):
                    await uninterrupted(connection.commit())

    @asynccontextmanager
    async def _begun(self, engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
        """What was not committed on leaving is rolled back."""
        if self._closed:
            raise RuntimeError("the ledger is closed")
        connection = engine.connect()
        try:
            with _explained(self._engines):
                await uninterrupted(_begin(connection))
            yield connection
        finally:
            if connection.sync_connection is not None:
                await uninterrupted(connection.close())

    async def _prepare(self, *, read_only: bool) -> None:
        engines = self._engines
        if engines.place is not None:
            await self._check_file()
        bring = schema.require_current if read_only else schema.upgrade
        engine = engines.reader if read_only else engines.writer
        async with self._begun(engine) as connection:
            with _explained(engines):
                await uninterrupted(connection.run_sync(bring, engines.name))
                await uninterrupted(connection.commit())

    async def _check_file(self) -> None:
        async with self._link(self._engines.reader, writes=False) as link:
            found = await link.rows(text("PRAGMA quick_check(1)"))
        if found[0]["quick_check"] != "ok":
            raise faults.damaged(self.name, found[0]["quick_check"])


async def _begin(connection: AsyncConnection) -> None:
    await connection.start()  # type: ignore[unused-awaitable]
    await connection.begin()  # type: ignore[unused-awaitable]


@contextmanager
def _explained(engines: Engines) -> Generator[None]:
    try:
        yield
    except faults.Failure as error:
        raise faults.explain(error, engines.name, engines.busy_timeout) from error
