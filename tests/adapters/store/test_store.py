"""Transactions on a database, up to the moment the plug is pulled."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from tests.contracts.store_contract import AuditContract, TransactionContract
from tests.support.ledger_rows import NOW

WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.adapters.store.store import SqlStore

async def main(path, first):
    async with await SqlStore.open(Path(path)) as store:
        for number in range(int(first), 1_000_000):
            async with store.transaction() as tx:
                await tx.meta.put(f"left {number}", "x" * 3000)
                await tx.audit.append(datetime.now(UTC), "a", "b", str(number), {})
                await tx.meta.put(f"right {number}", "x")
            print(number, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""
ROUNDS = 3


class TestTransaction(TransactionContract):
    pass


class TestAudit(AuditContract):
    pass


def write_until_killed(path: Path, first: int, seconds: float) -> int:
    """The last number whose commit was reported; -1 if there was none."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    reported = [child.stdout.readline()]
    threading.Timer(seconds, os.kill, (child.pid, signal.SIGKILL)).start()
    reported += child.stdout.readlines()
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    whole = [line for line in reported if line.endswith("\n")]
    return int(whole[-1])


@pytest.mark.kill
async def test_a_kill_loses_no_commit_and_keeps_no_half(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    next_number = 0
    for _ in range(ROUNDS):
        reported = write_until_killed(path, next_number, random.uniform(0.01, 0.4))
        async with await SqlStore.open(path) as store:
            report = await store.verify_audit()
            async with store.snapshot() as tx:
                kept = [int(record.subject) for record in await tx.audit.since(None)]
                # One that was committed and not yet reported may be there too.
                assert kept in (list(range(reported + 1)), list(range(reported + 2)))
                for number in kept:
                    assert await tx.meta.get(f"left {number}") is not None
                    assert await tx.meta.get(f"right {number}") is not None
                assert await tx.meta.get(f"left {len(kept)}") is None
        assert report.intact
        next_number = len(kept)


async def test_what_is_closed_is_whole_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    async with await SqlStore.open(path) as store, store.transaction() as tx:
        await tx.audit.append(NOW, "a", "b", "c", {})
    assert os.listdir(tmp_path) == ["wingman.db"]


async def test_names_itself_without_a_password(tmp_path: Path) -> None:
    async with await SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/wingman.db") as store:
        assert store.name == f"{tmp_path}/wingman.db"


async def test_a_closed_one_is_not_opened_again(tmp_path: Path) -> None:
    store = await SqlStore.open(tmp_path / "wingman.db")
    await store.close()
    for use in (store.snapshot, store.transaction):
        with pytest.raises(RuntimeError, match="the ledger is closed"):
            async with use():
                pass
    await store.close()
