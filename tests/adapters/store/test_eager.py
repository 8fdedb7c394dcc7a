"""One trip to the connection's thread per statement, with all that SQLAlchemy asks afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.adapters.store.eager import EagerConnection


class Counted(EagerConnection):
    trips = 0

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        Counted.trips += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[AsyncConnection]:
    database = str(folder / "a.db")
    engine = create_async_engine("sqlite+aiosqlite://", async_creator=lambda: Counted(database))
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)"))
        yield connection
    await engine.dispose()


async def test_a_statement_is_one_trip(tmp_path: Path) -> None:
    async with connected(tmp_path) as connection:
        before = Counted.trips
        await connection.execute(text("INSERT INTO t (v) VALUES ('a'), ('b')"))
        assert Counted.trips - before == 1
        rows = (await connection.execute(text("SELECT v FROM t ORDER BY id"))).scalars().all()
        assert (list(rows), Counted.trips - before) == (["a", "b"], 2)


async def test_what_a_statement_did_is_told(tmp_path: Path) -> None:
    async with connected(tmp_path) as connection:
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
