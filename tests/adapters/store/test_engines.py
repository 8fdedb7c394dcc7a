"""How a database URL becomes connections."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.store.engines import open_engines
from bot.core.errors import StoreUnusable


async def test_each_connection_is_set_up_for_safety(tmp_path: Path) -> None:
    engines = open_engines(f"sqlite:///{tmp_path}/wingman.db", pragmas={"cache_size": 77})
    found = {}
    try:
        for engine in (engines.writer, engines.reader):
            async with engine.connect() as connection:
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
                    found[name] = await connection.scalar(text(f"PRAGMA {name}"))
                assert found == {
                    "journal_mode": "wal",
                    "synchronous": 2,  # FULL
                    "foreign_keys": 1,
                    "busy_timeout": 5000,
                }
                assert await connection.scalar(text("PRAGMA cache_size")) == 77
    finally:
        await engines.dispose()


@pytest.mark.parametrize("name", ["with space.db", "50%.db", "what?.db", "a#b.db", "ü.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    async def connect() -> None:
        engines = open_engines(tmp_path / name)
        try:
            async with engines.reader.connect() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1
        finally:
            await engines.dispose()

    asyncio.run(connect())
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("wingman.db", "is not a URL"),
        ("mysql://localhost/wingman", "must begin with sqlite or postgresql"),
        ("sqlite://", "needs a file"),
        ("sqlite+aiosqlite:///:memory:", "needs a file"),
    ],
)
def test_what_cannot_be_a_ledger_is_refused(url: str, complaint: str) -> None:
    with pytest.raises(StoreUnusable, match=complaint):
        open_engines(url)
