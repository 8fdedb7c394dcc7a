"""A connection of aiosqlite that goes to its thread only for what may take long.

aiosqlite makes four trips of a SELECT (cursor, execute, fetchall, close), and each wakes two
threads: on a machine that has other work they took most of a short transaction (0.45 ms a
statement, aiosqlite 0.22 under SQLAlchemy 2.1; 2 ms and more where every core was busy). Here
each statement is one trip at most; and on the connection that writes, where statements touch a
row or two (20 to 60 us), only what may wait for the disk or for many rows makes it: COMMIT,
DELETE, and BEGIN where somebody else holds the lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite


class EagerCursor:
    """What SQLAlchemy asks of a cursor. All rows are there once ``execute`` has returned."""

    def __init__(self, connection: EagerConnection) -> None:
        self._connection = connection
        self._done: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> EagerCursor:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> EagerCursor:
        def run(connection: sqlite3.Connection) -> tuple[sqlite3.Cursor, list[Any]]:
            cursor = connection.execute(sql, tuple(parameters))
            return cursor, cursor.fetchall() if cursor.description else []

        self._done, self._rows = await self._connection.run(sql, run)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> EagerCursor:
        many = [tuple(one) for one in parameters]
        self._done = await self._connection.run(sql, lambda conn: conn.executemany(sql, many))
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Everything was read already; how many rows it touched may still be asked."""
        self._rows = []

    @property
    def description(self) -> Any:
        return None if self._done is None else self._done.description

    @property
    def rowcount(self) -> int:
        return -1 if self._done is None else self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return None if self._done is None else self._done.lastrowid


_LOCKS = "BEGIN IMMEDIATE"
_SLOW = ("BEGIN", "DELETE", "CREATE", "ALTER", "DROP")


class EagerConnection(aiosqlite.Connection):
    def __init__(self, database: str, *, writes: bool = False) -> None:
        # Used from two threads, never at once: SQLAlchemy awaits each call before the next.
        super().__init__(
            lambda: sqlite3.connect(database, check_same_thread=False), iter_chunk_size=64
        )
        self._thread.daemon = True  # as SQLAlchemy does with connections that it makes
        self._writes = writes

    async def run(self, sql: str, work: Callable[[sqlite3.Connection], Any]) -> Any:
        if sql == _LOCKS and (free := self._if_free(work)) is not None:
            return free
        is_short = self._conn.in_transaction and not sql.startswith(_SLOW)
        waits_for_nothing = sql == "BEGIN"  # deferred: it does not even look at the file
        if waits_for_nothing or (self._writes and is_short):
            return work(self._conn)
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]

    def _if_free(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Does it if nobody has to be waited for, else gives None."""
        (patience,) = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            return work(self._conn)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return None
            raise
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={patience}")

    def cursor(self) -> EagerCursor:  # type: ignore[override]  # made without a trip
        return EagerCursor(self)

    async def rollback(self) -> None:
        """SQLAlchemy asks for one after each commit, too."""
        if self._conn.in_transaction and self._writes:
            await super().rollback()
        elif self._conn.in_transaction:
            self._conn.rollback()
