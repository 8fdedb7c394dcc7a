"""Those who were paired, in memory as in the ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.services.people import People, nobody
from tests.contracts.people_contract import ANN
from tests.support.virtual import virtual
from tests.support.world import ledger


@virtual
async def test_they_are_known_after_a_restart(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await tx.people.put(ANN)
        people = People(store)
        assert people.get("telegram", "7001") is None
        await people.load()
        assert people.get("telegram", "7001") == ANN
        assert people.on("telegram") == {"7001": "7001"}
        assert people.on("whatsapp") == {}


@virtual
async def test_who_came_may_act_until_they_left(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        people = People(store)
        people.came(ANN)
        people.came(replace(ANN, channel="whatsapp"))
        people.left("telegram", "7001")
        people.left("telegram", "7001")
        assert (people.on("telegram"), people.on("whatsapp")) == ({}, {"7001": "7001"})


def test_nobody_is_paired_unless_somebody_was() -> None:
    assert nobody("telegram") == {}
