"""Who was paired is listed and put out with and without a gateway."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.statedir import StateDir
from bot.adapters.store.store import SqlStore
from bot.commands.people import Invited, invite
from bot.core.pairing import hash_of
from bot.core.records import PairingCode, Person
from bot.settings import load
from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine

ANN = Person("telegram", "7001", "Ann", "7001", datetime(2026, 11, 21, 12, tzinfo=UTC))
ANNS_PHONE = replace(ANN, channel="whatsapp")
BOB = Person("whatsapp", "+491701234567", "Bob", "+491701234567", ANN.added_at)
NOBODY = "Nobody was paired. To pair a phone: wingman setup\n"


def paired(folder: Path, *people: Person) -> None:
    async def write() -> None:
        opened = await SqlStore.open(folder / "wingman.db")
        async with opened as store, store.transaction() as tx:
            for person in people:
                await tx.people.put(person)

    asyncio.run(write())


def codes(folder: Path) -> tuple[PairingCode, ...]:
    async def read() -> tuple[PairingCode, ...]:
        opened = await SqlStore.open(folder / "wingman.db")
        async with opened as store, store.snapshot() as tx:
            return await tx.pairing_codes.open(ANN.added_at.replace(year=2000))

    return asyncio.run(read())


def test_nobody(wingman: CommandLine) -> None:
    assert wingman("people").out == NOBODY
    assert wingman("people", "list").out == NOBODY
    assert wingman("people", "list", "--json").out == "[]\n"
    assert not (wingman.folder / "wingman.db").exists()


def test_a_list(wingman: CommandLine) -> None:
    paired(wingman.folder, ANN, BOB)
    lines = wingman("people").out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["telegram:7001", "Ann"],
        ["whatsapp:+491701234567", "Bob"],
    ]
    listed = json.loads(wingman("people", "list", "--json").out)
    assert listed[0] == {
        "channel": "telegram",
        "user": "7001",
        "name": "Ann",
        "added_at": "2026-11-21T12:00:00Z",
    }


def test_one_is_put_out_where_no_gateway_runs(wingman: CommandLine) -> None:
    paired(wingman.folder, ANN, BOB)
    ran = wingman("people", "remove", "telegram:7001")
    assert (ran.code, ran.out) == (0, "✓ Ann (telegram:7001) may not act any more\n")
    assert [one["name"] for one in json.loads(wingman("people", "list", "--json").out)] == ["Bob"]
    again = wingman("people", "remove", "telegram:7001")
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("wingman: nobody was paired as 'telegram:7001': ")
    audit = [json.loads(line) for line in wingman("audit", "export").out.splitlines()]
    assert [(r["event"], r["actor"]) for r in audit] == [("people.removed", "cli:owner")]


def test_an_id_is_enough_where_it_is_clear(wingman: CommandLine) -> None:
    paired(wingman.folder, ANN, ANNS_PHONE, BOB)
    ran = wingman("people", "remove", "7001")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "wingman: '7001' is several people: telegram:7001, whatsapp:7001\n"
    assert wingman("people", "remove", "Ann").code == 1
    assert wingman("people", "remove", "+491701234567").code == 0


def test_a_running_gateway_is_told(wingman: CommandLine, beside: Beside) -> None:
    paired(wingman.folder, BOB)
    beside.gateway.surface.people.append(BOB)
    assert wingman("people", "remove", BOB.id).code == 0
    done = beside.gateway.surface.done
    assert done == [("unpair", "whatsapp", "+491701234567", "terminal")]


def test_a_gateway_that_is_just_starting_is_not_disturbed(wingman: CommandLine) -> None:
    paired(wingman.folder, ANN)
    with StateDir.claim(wingman.folder):
        ran = wingman("people", "remove", "7001")
    assert ran.code == 75
    assert wingman("people", "remove", "7001").code == 0


def test_a_code_is_made_where_no_gateway_runs(wingman: CommandLine) -> None:
    made = invite(load(), "telegram")
    (kept,) = codes(wingman.folder)
    assert (kept.hash, kept.channel) == (hash_of(made.code), "telegram")
    assert kept.expires_at == datetime.fromisoformat(made.expires_at)
    assert (made.gateway, made.connected) == (False, False)


def test_a_running_gateway_makes_the_code(wingman: CommandLine, beside: Beside) -> None:
    made = invite(load(), "telegram")
    assert made == Invited("code-for-one-only", "2026-03-01T12:00:00Z", True, True)
    assert beside.gateway.surface.done == [("pair", "telegram", "terminal")]
