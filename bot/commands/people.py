"""``wingman people``: who was paired, and putting one of them out."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from bot.adapters.clock import SystemClock
from bot.adapters.statedir import StateDir
from bot.adapters.store.store import SqlStore
from bot.commands.acting import socket_of
from bot.commands.client import Client, NoGateway
from bot.commands.program import program
from bot.core.errors import NotFound
from bot.core.records import Person
from bot.services.gate import Gate
from bot.services.notifier import Notifier
from bot.services.pairing import Pairing
from bot.services.people import People
from bot.settings import Settings

OWNER = "cli:owner"
"""As the gate calls whoever sits at this machine."""


@dataclass(frozen=True, slots=True)
class Invited:
    code: str
    expires_at: str
    """ISO 8601."""
    gateway: bool
    """One is running."""
    connected: bool
    """It runs that channel."""


def invite(settings: Settings, channel: str) -> Invited:
    """Through the running gateway, which holds the ledger; else in the ledger itself. Raises
    WingmanError."""
    try:
        with Client(socket_of(settings)) as client:
            made = client.post("/api/pairing", {"channel": channel})
    except NoGateway:
        return asyncio.run(_invite_here(settings, channel))
    return Invited(made["code"], made["expires_at"], gateway=True, connected=made["connected"])


async def _invite_here(settings: Settings, channel: str) -> Invited:
    async with _pairing(settings) as pairing:
        made = await pairing.invite(channel, OWNER)
    expires_at = made.expires_at.isoformat().replace("+00:00", "Z")
    return Invited(made.code, expires_at, gateway=False, connected=False)


def show(settings: Settings, *, as_json: bool) -> int:
    found = asyncio.run(_all(settings))
    if as_json:
        sys.stdout.write(json.dumps([_document(p) for p in found], ensure_ascii=False) + "\n")
        return 0
    for person in found:
        day = person.added_at.astimezone()
        sys.stdout.write(f"{person.id}  {person.name}  since {day:%Y-%m-%d %H:%M}\n")
    if not found:
        sys.stdout.write(f"Nobody was paired. To pair a phone: {program()} setup\n")
    return 0


def _document(person: Person) -> dict[str, str]:
    return {
        "channel": person.channel,
        "user": person.user,
        "name": person.name,
        "added_at": person.added_at.isoformat().replace("+00:00", "Z"),
    }


def remove(settings: Settings, who: str) -> int:
    """``who`` is ``telegram:7001``, or the part behind the colon when that is clear."""
    person = _named(asyncio.run(_all(settings)), who)
    try:
        with Client(socket_of(settings)) as client:
            client.delete(f"/api/people/{quote(person.channel)}/{quote(person.user, safe='')}")
    except NoGateway:
        asyncio.run(_remove_here(settings, person))
    sys.stdout.write(f"✓ {person.name} ({person.id}) may not act any more\n")
    return 0


def _named(people: Sequence[Person], who: str) -> Person:
    found = [person for person in people if who in (person.id, person.user)]
    if len(found) > 1:
        raise NotFound(f"'{who}' is several people: {', '.join(p.id for p in found)}")
    if not found:
        raise NotFound(f"nobody was paired as '{who}': wingman people lists all")
    return found[0]


async def _remove_here(settings: Settings, person: Person) -> None:
    async with _pairing(settings) as pairing:
        await pairing.remove(person.channel, person.user, OWNER)


async def _all(settings: Settings) -> tuple[Person, ...]:
    """Reading needs no gateway, and disturbs none."""
    if settings.database_url is None and not (settings.state_dir / "wingman.db").is_file():
        return ()
    opened = await SqlStore.open(settings.database, read_only=True)
    async with opened as store, store.snapshot() as tx:
        return await tx.people.all()


@asynccontextmanager
async def _pairing(settings: Settings) -> AsyncIterator[Pairing]:
    """Without a gateway: nobody else has the ledger meanwhile. Raises AlreadyRunning."""
    clock = SystemClock()
    with StateDir.claim(settings.state_dir):
        async with await SqlStore.open(settings.database) as store:
            people = People(store)
            await people.load()
            gate, notifier = Gate((), people.on), Notifier((), clock, people.on)
            yield Pairing(store, people, gate, notifier, clock)
