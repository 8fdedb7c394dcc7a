"""What every Store must do about people and pairing codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import WingmanError
from bot.core.records import PairingCode, Person
from bot.ports.store import Store
from tests.support.ledger_rows import NOW

ANN = Person("telegram", "7001", "Ann", "7001", NOW)
HOUR = timedelta(hours=1)


def code(hash_: str, **changes: object) -> PairingCode:
    made = PairingCode(hash_, "telegram", NOW, NOW + HOUR)
    return replace(made, **changes)  # type: ignore[arg-type]


class PeopleContract:
    async def test_who_was_put_is_there_until_removed(self, store: Store) -> None:
        bob = replace(ANN, channel="whatsapp", name="Bob")
        async with store.transaction() as tx:
            await tx.people.put(ANN)
            await tx.people.put(bob)
        async with store.transaction() as tx:
            assert await tx.people.all() == (ANN, bob)
            assert await tx.people.remove("telegram", "7001")
            assert not await tx.people.remove("telegram", "7001")
            assert not await tx.people.remove("whatsapp", "Bob")
        async with store.snapshot() as tx:
            assert await tx.people.all() == (bob,)

    async def test_a_person_is_there_once(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.people.put(ANN)
            await tx.people.put(replace(ANN, name="Anna", address="8"))
            (found,) = await tx.people.all()
        assert (found.name, found.address) == ("Anna", "8")


class PairingCodesContract:
    async def test_a_code_is_used_once(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.pairing_codes.add(code("a"))
            used = [await tx.pairing_codes.use("a", NOW) for _ in range(2)]
            assert used == [True, False]
            assert await tx.pairing_codes.open(NOW) == ()
            assert await tx.pairing_codes.get("a") == code("a", used=True)
            assert not await tx.pairing_codes.use("b", NOW)
            assert await tx.pairing_codes.get("b") is None

    async def test_a_code_ends_at_its_time(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.pairing_codes.add(code("a"))
            assert await tx.pairing_codes.open(NOW + HOUR - timedelta(seconds=1)) == (code("a"),)
            assert await tx.pairing_codes.open(NOW + HOUR) == ()
            assert not await tx.pairing_codes.use("a", NOW + HOUR)
            assert await tx.pairing_codes.use("a", NOW)

    async def test_open_ones_come_oldest_first_and_can_be_taken_back(self, store: Store) -> None:
        async with store.transaction() as tx:
            for name in ("b", "a", "c"):
                await tx.pairing_codes.add(code(name))
            await tx.pairing_codes.remove("a")
            assert [one.hash for one in await tx.pairing_codes.open(NOW)] == ["b", "c"]

    async def test_two_codes_are_never_the_same(self, store: Store) -> None:
        async def twice() -> None:
            async with store.transaction() as tx:
                await tx.pairing_codes.add(code("a"))
                await tx.pairing_codes.add(code("a"))

        with pytest.raises(WingmanError):
            await twice()

    async def test_old_ones_are_forgotten(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.pairing_codes.add(code("old", expires_at=NOW - HOUR))
            await tx.pairing_codes.add(code("new", used=True))
            assert await tx.pairing_codes.prune(NOW) == 1
            assert await tx.pairing_codes.get("old") is None
            assert await tx.pairing_codes.get("new") is not None
