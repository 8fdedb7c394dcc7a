import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from tests.support.commandline import CommandLine

DAYS = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]


@pytest.fixture
def ledger(wingman: CommandLine) -> Path:
    path = wingman.folder / "wingman.db"
    asyncio.run(_written(path))
    return path


async def _written(path: Path) -> None:
    store = await SqlStore.open(path)
    try:
        async with store.transaction() as tx:
            for day in DAYS:
                await tx.audit.append(day, "local:owner", "text.queued", "shop", {"day": day.day})
    finally:
        await store.close()


def test_an_untouched_log(wingman: CommandLine, ledger: Path) -> None:
    ran = wingman("audit", "verify")
    assert (ran.code, ran.out, ran.err) == (0, "3 rows, all as they were written\n", "")


def test_a_changed_row_is_found(wingman: CommandLine, ledger: Path) -> None:
    with sqlite3.connect(ledger) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    connection.close()
    ran = wingman("audit", "verify")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "2" in ran.err


def days(exported: str) -> list[int]:
    rows = [json.loads(line) for line in exported.splitlines()]
    return [json.loads(row["data"])["day"] for row in rows]


def test_export(wingman: CommandLine, ledger: Path) -> None:
    assert days(wingman("audit", "export").out) == [1, 2, 3]
    late = wingman("audit", "export", "--since", "2026-01-02T12:00+00:00").out
    assert days(late) == [3]
    assert wingman("audit", "export", "--since", "24h").out == ""


def test_what_can_not_be_read(wingman: CommandLine) -> None:
    ran = wingman("audit", "export", "--since", "yesterday")
    assert (ran.code, ran.err) == (
        1,
        "wingman: 'yesterday' is no date or span: write 2026-11-01 or 24h\n",
    )
    ran = wingman("audit", "verify")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"wingman: there is no log in {wingman.folder}: no gateway has run there\n"
