"""A ledger in a temporary folder, made from a template: no migration per test."""

import asyncio
import functools
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.store.store import SqlStore

FAST: Mapping[str, object] = {"synchronous": "OFF"}
"""For tests that do not pull the plug."""


@asynccontextmanager
async def temporary_store(
    folder: Path, pragmas: Mapping[str, object] = FAST
) -> AsyncIterator[SqlStore]:
    """Keeps what an earlier call left in that folder."""
    path = folder / "wingman.db"
    if not path.exists():
        # In a thread of its own, where a loop may be run.
        path.write_bytes(await asyncio.to_thread(empty_ledger))
    async with await SqlStore.open(path, pragmas=pragmas) as store:
        yield store


@functools.cache
def empty_ledger() -> bytes:
    """What a new database file holds."""

    async def make(path: Path) -> None:
        async with await SqlStore.open(path):
            pass

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wingman.db"
        asyncio.run(make(path))
        return path.read_bytes()
