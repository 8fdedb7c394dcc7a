"""Write transactions of the ledger per second, next to what plain sqlite3 does on this disk.

Run: ``python -m tests.benchmarks.bench_store [transactions]``
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from bot.adapters.store.store import SqlStore
from tests.support.ledger_rows import NOW

BASELINE = ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE t (k, v)"]


def plain(folder: Path, count: int) -> float:
    """Two rows per transaction, durable, by the driver alone."""
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as connection:
        for statement in BASELINE:
            connection.execute(statement)
        begun = time.perf_counter()
        for number in range(count):
            connection.execute("BEGIN IMMEDIATE")
            for side in "ab":
                connection.execute("INSERT INTO t VALUES (?, ?)", (side, str(number)))
            connection.execute("COMMIT")
        return count / (time.perf_counter() - begun)


async def rate(step: Callable[[int], Awaitable[None]], count: int) -> float:
    begun = time.perf_counter()
    for number in range(count):
        await step(number)
    return count / (time.perf_counter() - begun)


async def ledger(folder: Path, count: int) -> dict[str, float]:
    async with await SqlStore.open(folder / "wingman.db") as store:

        async def two_rows(number: int) -> None:
            async with store.transaction() as tx:
                await tx.meta.put("a", str(number))
                await tx.meta.put("b", str(number))

        async def audited(number: int) -> None:
            async with store.transaction() as tx:
                await tx.meta.put("a", str(number))
                await tx.audit.append(NOW, "bench", "row.written", str(number), {})

        async def read(number: int) -> None:
            async with store.snapshot() as tx:
                await tx.meta.get("a")

        return {
            "two rows": await rate(two_rows, count),
            "a row and its audit row": await rate(audited, count),
            "a snapshot of one row": await rate(read, count),
        }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        baseline = plain(Path(name), count)
        say("plain sqlite3, two rows", baseline, 1)
        for what, each in asyncio.run(ledger(Path(name), count)).items():
            say(what, each, each / baseline)


def say(what: str, rate: float, share: float) -> None:
    sys.stdout.write(f"{what:28}{rate:8.0f}/s   {share:5.2f} of plain\n")


if __name__ == "__main__":
    main()
