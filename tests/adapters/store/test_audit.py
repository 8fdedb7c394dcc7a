"""The chain of the audit log: whatever is changed afterwards is found, with its row."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import audit
from bot.adapters.store.audit import AuditReport
from bot.adapters.store.store import SqlStore
from tests.support.ledger_rows import NOW
from tests.support.stores import temporary_store

ROWS = 6
COLUMNS = ["seq", "at", "actor", "event", "subject", "data", "previous", "hash"]


async def written(store: SqlStore, rows: int = ROWS) -> None:
    async with store.transaction() as tx:
        for number in range(rows):
            data = {"number": number, "text": "ü\x00\ud800"}
            await tx.audit.append(NOW, f"actor {number}", "prompt.seen", "p\x1a1", data)


@contextmanager
def editing(folder: Path, *, triggers: bool = False) -> Iterator[sqlite3.Connection]:
    """What somebody with the file can do, whatever the rules of the table say."""
    with closing(sqlite3.connect(folder / "wingman.db", isolation_level=None)) as connection:
        if not triggers:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute("DROP TRIGGER audit_no_delete")
        yield connection


async def test_an_empty_log_is_intact(tmp_path: Path) -> None:
    async with temporary_store(tmp_path) as store:
        assert await store.verify_audit() == AuditReport(0)


async def test_what_was_written_is_intact(tmp_path: Path) -> None:
    async with temporary_store(tmp_path) as store:
        await written(store)
        await written(store, 1)
        report = await store.verify_audit()
    assert report == AuditReport(ROWS + 1)
    assert report.intact
    assert str(report) == "7 rows, all as they were written"


async def test_more_rows_than_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 4)
    async with temporary_store(tmp_path) as store:
        await written(store, 8)
        assert await store.verify_audit() == AuditReport(8)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'x' WHERE seq = 2", "DELETE FROM audit"]
)
async def test_the_database_refuses_changes(tmp_path: Path, statement: str) -> None:
    async with temporary_store(tmp_path) as store:
        await written(store)
        with (
            editing(tmp_path, triggers=True) as raw,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            raw.execute(statement)
        assert (await store.verify_audit()).intact


def flipped(value: object, place: int, bit: int) -> object:
    """Another value of the same kind, one bit away."""
    if isinstance(value, int):
        return value ^ (1 << (place % 40))
    changed = bytearray(str(value).encode())
    changed[place % len(changed)] ^= 1 << bit
    return bytes(changed)


@given(
    row=st.integers(1, ROWS),
    column=st.sampled_from(COLUMNS),
    place=st.integers(0, 200),
    bit=st.integers(0, 7),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_flipped_bit_is_found(
    tmp_path_factory: pytest.TempPathFactory, row: int, column: str, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    async with temporary_store(folder) as store:
        await written(store)
        with editing(folder) as raw:
            select = f"SELECT {column} FROM audit WHERE seq = ?"
            (value,) = raw.execute(select, (row,)).fetchone()
            new = flipped(value, place, bit)
            text = "CAST(? AS TEXT)" if isinstance(new, bytes) else "?"
            try:
                raw.execute(f"UPDATE audit SET {column} = {text} WHERE seq = ?", (new, row))
            except sqlite3.IntegrityError:
                return  # a number that another row has
        report = await store.verify_audit()
    assert report.broken is not None
    assert not report.intact
    if column != "seq":
        assert report.broken == row
    else:
        assert report.broken <= row
    assert f"row {report.broken}" in str(report)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq > 4", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET seq = 99 WHERE seq = 2", 2),
        ("UPDATE audit SET actor = CAST(X'ff' AS TEXT) WHERE seq = 4", 4),
        ("UPDATE audit SET data = CAST(data AS BLOB) WHERE seq = 4", 4),
        ("UPDATE audit SET hash = CAST(hash AS BLOB) WHERE seq = 6", 6),
        ("UPDATE meta SET value = '6:0' WHERE key = 'audit.head'", 7),
        ("DELETE FROM meta", 7),
        (
            "INSERT INTO audit SELECT 0, at, actor, event, subject, data, previous, hash "
            "FROM audit WHERE seq = 1",
            1,
        ),
    ],
)
async def test_what_was_cut_or_put_in_is_found(
    tmp_path: Path, statement: str, broken: int
) -> None:
    async with temporary_store(tmp_path) as store:
        await written(store)
        with editing(tmp_path) as raw:
            raw.execute(statement)
        report = await store.verify_audit()
    assert report.broken == broken
