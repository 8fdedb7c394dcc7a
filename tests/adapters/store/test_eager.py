"""Few trips to the connection's thread, with all that SQLAlchemy asks afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.adapters.store.eager import EagerConnection


class Counted(EagerConnection):
    trips = 0

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        Counted.trips += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


@asynccontextmanager
async def connected(folder: Path, *, writes: bool) -> AsyncIterator[AsyncConnection]:
    database = str(folder / "a.db")
    engine = create_async_engine(
        "sqlite+aiosqlite://", async_creator=lambda: Counted(database, writes=writes)
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _(connection: Any, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def _(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    async with engine.connect() as connection:
        await connection.execute(
            text("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT)")
        )
        await connection.commit()
        yield connection
    await engine.dispose()


async def test_a_transaction_that_writes_waits_for_the_disk_only(tmp_path: Path) -> None:
    async with connected(tmp_path, writes=True) as connection:
        before = Counted.trips
        await connection.execute(text("INSERT INTO t (v) VALUES ('a'), ('b')"))
        rows = (await connection.execute(text("SELECT v FROM t ORDER BY id"))).scalars().all()
        assert (list(rows), Counted.trips - before) == (["a", "b"], 0)
        await connection.commit()
        assert Counted.trips - before == 1


async def test_where_somebody_else_writes_its_thread_waits_for_the_lock(tmp_path: Path) -> None:
    async with connected(tmp_path, writes=True) as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout=20")
        await connection.rollback()
        other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        before = Counted.trips
        with pytest.raises(OperationalError, match="locked"):
            await connection.execute(text("INSERT INTO t (v) VALUES ('a')"))
        assert Counted.trips - before == 1
        other.execute("COMMIT")
        other.close()
        await connection.rollback()
        assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar() == 20


async def test_a_snapshot_is_a_trip_for_each_question(tmp_path: Path) -> None:
    async with connected(tmp_path, writes=False) as connection:
        before = Counted.trips
        for _ in range(2):
            await connection.execute(text("SELECT v FROM t"))
        await connection.rollback()
        assert Counted.trips - before == 2


@pytest.mark.parametrize("writes", [True, False])
async def test_what_a_statement_did_is_told(tmp_path: Path, writes: bool) -> None:
    async with connected(tmp_path, writes=writes) as connection:
        added = await connection.execute(text("INSERT INTO t (v) VALUES (:v)"), {"v": "a"})
        assert (added.rowcount, added.lastrowid) == (1, 1)
        many = [{"v": "b"}, {"v": "c"}]
        await connection.execute(text("INSERT INTO t (v) VALUES (:v)"), many)
        changed = await connection.execute(text("UPDATE t SET v = 'x' WHERE id > 1"))
        assert changed.rowcount == 2
        returned = await connection.execute(text("DELETE FROM t WHERE id = 1 RETURNING v"))
        assert returned.scalars().all() == ["a"]
        none = await connection.execute(text("SELECT v FROM t WHERE id = 99"))
        assert (list(none.keys()), list(none.all())) == (["v"], [])


async def test_what_was_not_committed_is_undone(tmp_path: Path) -> None:
    async with connected(tmp_path, writes=True) as connection:
        await connection.execute(text("INSERT INTO t (v) VALUES ('a')"))
        await connection.rollback()
        assert (await connection.execute(text("SELECT v FROM t"))).all() == []
