"""A connection of aiosqlite on which each statement is one trip to its thread.

aiosqlite makes four of a SELECT (cursor, execute, fetchall, close), each with a wake-up of two
threads; of what a short transaction takes that was the larger part (0.45 ms a statement became
0.25, aiosqlite 0.22 under SQLAlchemy 2.1)."""

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

        self._done, self._rows = await self._connection.trip(run)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> EagerCursor:
        many = [tuple(one) for one in parameters]
        self._done = await self._connection.trip(lambda conn: conn.executemany(sql, many))
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


class EagerConnection(aiosqlite.Connection):
    def __init__(self, database: str) -> None:
        super().__init__(lambda: sqlite3.connect(database), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does with connections that it makes

    async def trip(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]

    def cursor(self) -> EagerCursor:  # type: ignore[override]  # made without a trip
        return EagerCursor(self)

    async def rollback(self) -> None:
        """SQLAlchemy asks for one after each commit, too."""
        if self._conn.in_transaction:
            await super().rollback()
