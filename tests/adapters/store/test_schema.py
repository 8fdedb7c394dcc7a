"""Migrations give the tables of tables.py, wholly or not at all."""

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, event

from bot.adapters.store import schema
from bot.adapters.store.engines import open_engines
from bot.adapters.store.store import SqlStore
from bot.adapters.store.tables import metadata
from bot.core.agent import State
from bot.core.errors import StoreUnusable
from bot.core.records import TextState
from tests.support.ledger_rows import text_record
from tests.support.surface import make_session

OBJECTS = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"


def objects(path: Path) -> dict[str, list[str]]:
    """Each table, index and trigger with its definition, whatever the order of its parts."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(OBJECTS).fetchall()
    return {name: _parts(sql) for name, sql in found}


def _parts(definition: str) -> list[str]:
    """A column that was added later stands behind the constraints, on the last line."""
    parts = re.split(r",\s|\n", definition.strip().removesuffix(")"))
    return sorted(part.strip() for part in parts if part.strip())


def plain_engine(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}")


async def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    async with await SqlStore.open(migrated):
        pass
    engine = plain_engine(made)
    metadata.create_all(engine)
    engine.dispose()
    assert objects(migrated) == objects(made)
    assert len(objects(made)) > len(metadata.tables)


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("after", [1, 2, 5, 12, 20])
async def test_an_interrupted_migration_leaves_nothing(tmp_path: Path, after: int) -> None:
    path = tmp_path / "wingman.db"
    engines = open_engines(path)
    statements = []

    def interrupt(*args: object) -> None:
        statements.append(args[2])
        if sum("CREATE" in str(statement) for statement in statements) > after:
            raise Interrupted

    event.listen(engines.writer.sync_engine, "before_cursor_execute", interrupt)
    with pytest.raises(Interrupted):
        async with engines.writer.begin() as connection:
            await connection.run_sync(schema.upgrade, str(path))
    await engines.dispose()
    assert objects(path) == {}
    async with await SqlStore.open(path) as store, store.transaction() as tx:
        await tx.meta.put("a", "1")


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from bot.adapters.store.store import SqlStore

def interrupt(*args):
    if "CREATE TABLE outbox" in args[2]:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "after_cursor_execute", interrupt)
asyncio.run(SqlStore.open(Path(sys.argv[1])))
"""


async def test_a_killed_migration_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    child = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)  # noqa: ASYNC221
    assert child.returncode == -signal.SIGKILL
    assert objects(path) == {}
    async with await SqlStore.open(path) as store, store.snapshot() as tx:
        assert await tx.sessions.all() == ()


async def test_sessions_outlast_a_table_that_is_made_anew(tmp_path: Path) -> None:
    """Of Wingman before there was a state for logins."""
    new, old = tmp_path / "new.db", tmp_path / "wingman.db"
    session = make_session("shop")
    async with await SqlStore.open(new) as store, store.transaction() as tx:
        await tx.sessions.put(session)
    engines = open_engines(old)
    async with engines.writer.begin() as connection:
        await connection.run_sync(_migrate, "0011")
    await engines.dispose()
    with closing(sqlite3.connect(old)) as plain, plain:
        plain.execute(f"ATTACH '{new}' AS new")
        plain.execute("INSERT INTO sessions SELECT * FROM new.sessions")

    async with await SqlStore.open(old) as store, store.transaction() as tx:
        assert await tx.sessions.all() == (session,)
        await tx.sessions.put(replace(session, state=State.LOGIN))
    assert objects(old) == objects(new)


async def test_texts_outlast_a_table_that_is_made_anew(tmp_path: Path) -> None:
    """Of Wingman before a text could be taken back."""
    new, old = tmp_path / "new.db", tmp_path / "wingman.db"
    text = text_record("e1")
    async with await SqlStore.open(new) as store, store.transaction() as tx:
        await tx.texts.add(text)
    engines = open_engines(old)
    async with engines.writer.begin() as connection:
        await connection.run_sync(_migrate, "0012")
    await engines.dispose()
    with closing(sqlite3.connect(old)) as plain, plain:
        plain.execute(f"ATTACH '{new}' AS new")
        plain.execute("INSERT INTO texts SELECT * FROM new.texts")

    async with await SqlStore.open(old) as store, store.transaction() as tx:
        assert await tx.texts.get(text.id) == text
        await tx.texts.advance(text.id, TextState.WITHDRAWN)
    assert objects(old) == objects(new)


def _migrate(connection: Connection, revision: str) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    async with await SqlStore.open(path) as store, store.transaction() as tx:
        await tx.meta.put("a", "1")
    before = objects(path)
    async with await SqlStore.open(path) as store, store.snapshot() as tx:
        assert await tx.meta.get("a") == "1"
    assert objects(path) == before


async def test_those_who_only_read_do_not_migrate(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    await open_engines(path).dispose()
    with pytest.raises(StoreUnusable, match="older Wingman: start the gateway once"):
        await SqlStore.open(path, read_only=True)
    assert objects(path) == {}


async def test_those_who_only_read_see_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    async with await SqlStore.open(path) as store, store.transaction() as tx:
        await tx.meta.put("a", "1")
    async with await SqlStore.open(path, read_only=True) as store:
        async with store.snapshot() as tx:
            assert await tx.meta.get("a") == "1"
        with pytest.raises(StoreUnusable, match="cannot be written"):
            async with store.transaction() as tx:
                await tx.meta.put("a", "2")


async def test_tables_without_a_version_are_somebody_elses(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    await open_engines(path).dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnusable, match="another program"):
        await SqlStore.open(path)
