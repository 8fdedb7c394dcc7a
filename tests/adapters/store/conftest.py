"""The store each contract is held to: on SQLite, and on PostgreSQL when there is one.

``WINGMAN_TEST_POSTGRESQL`` names a database that may be emptied, as ``postgresql://…``.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.store.engines import open_engines
from bot.adapters.store.store import SqlStore
from tests.support.stores import temporary_store

POSTGRESQL = os.environ.get("WINGMAN_TEST_POSTGRESQL", "")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStore]:
    made = temporary_store(tmp_path) if request.param == "sqlite" else emptied(POSTGRESQL)
    async with made as store:
        yield store


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[SqlStore]:
    engines = open_engines(url)
    async with engines.writer.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engines.dispose()
    async with await SqlStore.open(url) as store:
        yield store
