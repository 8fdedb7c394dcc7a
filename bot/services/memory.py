"""What a channel remembers, kept in the ledger."""

from __future__ import annotations

from bot.ports.store import Store


class StoredMemory:
    """A Memory under a prefix of its owner's."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._prefix = f"{owner}:"

    async def get(self, key: str) -> str | None:
        async with self._store.snapshot() as tx:
            return await tx.meta.get(self._prefix + key)

    async def put(self, key: str, value: str) -> None:
        async with self._store.transaction() as tx:
            await tx.meta.put(self._prefix + key, value)
