"""What a channel puts into its memory is there in the gateway's next life, and only its own."""

from __future__ import annotations

from pathlib import Path

from bot.ports.memory import Memory
from bot.services.memory import StoredMemory
from tests.support.virtual import virtual
from tests.support.world import ledger


@virtual
async def test_it_outlives_the_program(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        memory: Memory = StoredMemory(store, "channel:telegram")
        assert await memory.get("offset") is None
        await memory.put("offset", "17")
        await memory.put("offset", "18")
    async with ledger(tmp_path) as store:
        assert await StoredMemory(store, "channel:telegram").get("offset") == "18"


@virtual
async def test_each_owner_has_its_own(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        await StoredMemory(store, "channel:telegram").put("offset", "17")
        assert await StoredMemory(store, "channel:whatsapp").get("offset") is None
