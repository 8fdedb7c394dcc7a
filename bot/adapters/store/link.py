"""One database transaction, as the repositories see it."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Delete, Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.codec import from_row
from bot.adapters.store.faults import Failure, damaged, explain
from bot.core.errors import WingmanError

T = TypeVar("T")
Insert = sqlite.Insert | postgresql.Insert


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Lets a call of the database end even if the caller is cancelled meanwhile, and passes the
    cancellation on then: a connection is never left in the middle of a statement."""
    # Not in a group: it is awaited right here.
    task = asyncio.get_running_loop().create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # taken notice of; the cancellation is what counts
        raise cancelled
    return task.result()


class Link:
    """After a statement failed nothing more is written: SQLite may have rolled back by itself,
    and what followed would stand alone."""

    def __init__(
        self, connection: AsyncConnection, place: str, busy_timeout: float, *, writes: bool
    ) -> None:
        self._connection = connection
        self._place = place
        self._busy_timeout = busy_timeout
        self._writes = writes
        self._stays = writes and connection.dialect.name == "sqlite"
        """On the loop, but for what EagerConnection takes to its thread."""
        self._failed: WingmanError | None = None

    def check(self) -> None:
        """Raises what failed before, also if somebody caught it meanwhile."""
        if self._failed is not None:
            raise self._failed

    @property
    def dialect(self) -> str:
        return self._connection.dialect.name

    async def upsert(self, table: Table, keys: tuple[str, ...], row: Mapping[str, Any]) -> None:
        """Inserts it, or replaces the row that has the same ``keys``."""
        await self.write(_upsert(self.dialect, table, keys, tuple(row)), row)

    async def add(self, table: Table, keys: tuple[str, ...], row: Mapping[str, Any]) -> bool:
        """Inserts it, unless there is a row that has the same ``keys``."""
        return await self.write(_unless_there(self.dialect, table, keys), row) == 1

    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[RowMapping]:
        """``values``: of the parameters of a statement that was built once."""
        return (await self._execute(statement, values)).mappings().all()

    async def all(
        self, kind: type[T], statement: Executable, values: Mapping[str, Any] | None = None
    ) -> tuple[T, ...]:
        found = await self.rows(statement, values)
        try:
            return tuple(from_row(kind, row) for row in found)
        except ValueError as error:
            raise damaged(self._place, f"a row of {kind.__name__}: {error}") from error

    async def one(
        self, kind: type[T], statement: Executable, values: Mapping[str, Any] | None = None
    ) -> T | None:
        return next(iter(await self.all(kind, statement, values)), None)

    async def write(self, statement: Executable, row: Mapping[str, Any] | None = None) -> int:
        """How many rows it touched. ``row``: the values, where they are not in the statement."""
        if not self._writes:
            raise RuntimeError("a snapshot is for reading only")
        return (await self._execute(statement, row)).rowcount

    async def written(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]]
    ) -> Sequence[RowMapping]:
        """What an INSERT of these rows with a RETURNING clause gives. Rows in the statement
        itself would have it compiled each time."""
        if not self._writes:
            raise RuntimeError("a snapshot is for reading only")
        return (await self._execute(statement, rows)).mappings().all()

    async def _execute(
        self,
        statement: Executable,
        rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        self.check()
        call = self._connection.execute(statement, rows)
        try:
            if self._stays and not isinstance(statement, Delete):
                return await call  # nothing in it can be cancelled, for nothing waits
            return await uninterrupted(call)
        except Failure as error:
            failure = explain(error, self._place, self._busy_timeout)
            self._failed = failure if self._writes else None
            raise failure from error


def insert_into(dialect: str, table: Table) -> Insert:
    """With the ``on_conflict`` clauses that both databases have."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@functools.cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    """Built once: that takes longer than to run it."""
    new = insert_into(dialect, table)
    values = {name: new.excluded[name] for name in columns}
    return new.on_conflict_do_update(index_elements=keys, set_=values)


@functools.cache
def _unless_there(dialect: str, table: Table, keys: tuple[str, ...]) -> Insert:
    return insert_into(dialect, table).on_conflict_do_nothing(index_elements=keys)
