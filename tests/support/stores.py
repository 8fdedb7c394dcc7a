"""A ledger in a temporary folder, made from a template: no migration per test."""

import asyncio
import functools
import tempfile
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache

from bot.adapters.store.engines import open_engines
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
    async with await opened(path, pragmas) as store:
        yield store


async def opened(path: Path, pragmas: Mapping[str, object] = FAST) -> SqlStore:
    """A ledger that is there. A statement is compiled once for all that this opens: each engine
    would do it anew, which takes longer than most tests do."""
    store = await SqlStore.open(path, pragmas=pragmas)
    dialect, compiled = _statements()
    for engine in (store._engines.writer, store._engines.reader):
        engine.sync_engine.dialect = dialect
        engine.sync_engine.update_execution_options(compiled_cache=compiled)
    return store


@functools.cache
def _statements() -> tuple[Dialect, MutableMapping[Any, Any]]:
    """What they were compiled for: an entry counts for that very object."""
    with tempfile.TemporaryDirectory() as folder:
        return open_engines(Path(folder) / "none.db").writer.dialect, LRUCache(1000)


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
