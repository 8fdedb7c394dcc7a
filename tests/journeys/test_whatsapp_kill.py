"""People write on WhatsApp while the gateway is killed again and again.

Proved by the ledger and by what their phones show: each message handled once, each answer there.
WINGMAN_TEST_LONG=1 makes as many as the figures in the docs are from."""

from __future__ import annotations

import asyncio
import os
import random
import re
import socket
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.crew import Crew
from tests.support.process import GatewayProcess
from tests.support.twilioapi.messages import Message
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import spend, until

NUMBERS = ("+491701234561", "+491701234562", "+491701234563")
LONG = bool(os.environ.get("WINGMAN_TEST_LONG"))
EACH, KILLS = (40, 25) if LONG else (4, 2)
SID = re.compile(r"SM[0-9a-f]{32}")
PUBLIC = "https://wingman.example.org"
HELD = timedelta(minutes=1)
"""So long the list leaves a message to whoever posts it."""

pytestmark = [pytest.mark.tmux, pytest.mark.kill, pytest.mark.timeout(1800 if LONG else 240)]


class Town:
    """Three people with WhatsApp, one agent, and a gateway that is killed."""

    def __init__(self, directory: Path, twilio: FakeTwilio, *, posted: bool) -> None:
        self.twilio = twilio
        self.rng = random.Random(20261121)
        self.people: list[Person] = [twilio.person(number, "Ann") for number in NUMBERS]
        self.written: dict[str, Message] = {}
        """By the words."""
        self.crew = Crew(directory, {})
        given = {
            "WHATSAPP__ACCOUNT_SID": twilio.account,
            "WHATSAPP__AUTH_TOKEN": twilio.token,
            "WHATSAPP__FROM": twilio.sender,
            "WHATSAPP__ALLOWED_NUMBERS": ",".join(NUMBERS),
            "WHATSAPP__API_BASE": twilio.base_url,
            "WHATSAPP__CONTENT_API_BASE": twilio.base_url,
            "WHATSAPP__POLL_INTERVAL": "0.2",
        }
        if posted:
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                port: int = taken.getsockname()[1]
            given |= {"WEB__PUBLIC_URL": PUBLIC, "WEB__PORT": str(port)}
            twilio.webhook_url = f"{PUBLIC}/twilio/webhook"
            twilio.reachable_at.append(f"http://127.0.0.1:{port}")
        self.gateway = GatewayProcess(directory, self.crew.socket, **given)

    async def write(self, person: Person) -> None:
        """Nobody understands these words, and each of them is answered by itself."""
        for n in range(EACH):
            words = f"zzz-{person.number[-1]}-{n}"
            self.written[words] = await person.says(words)
            await spend(self.rng.uniform(0.1, 2.0))

    async def die(self) -> None:
        for _ in range(KILLS):
            await spend(self.rng.uniform(0.05, 2.5))
            self.gateway.kill()
            await spend(self.rng.uniform(0.0, 1.0))
            await self.gateway.up()
        await spend(1)
        self.gateway.kill()

    def answers(self) -> Counter[str]:
        """How often each message's answer has arrived."""
        texts = [text for person in self.people for text in person.texts]
        return Counter({w: sum(f"“{w}”" in text for text in texts) for w in self.written})

    def handled(self) -> Counter[str]:
        """How often each message was handled, by its SID."""
        with closing(sqlite3.connect(self.gateway.state / "wingman.db")) as ledger:
            rows = ledger.execute("SELECT data FROM audit WHERE event LIKE 'inbox.%'").fetchall()
        return Counter(sid for (data,) in rows for sid in SID.findall(data))


@pytest.mark.parametrize("posted", [True, False], ids=["posted", "listed"])
async def test_no_kill_loses_or_doubles_a_message(
    tmp_path: Path, twilio: FakeTwilio, *, posted: bool
) -> None:
    town = Town(tmp_path, twilio, posted=posted)
    try:
        await town.gateway.up()
        town.crew.hire("shop", {"bash": "npm run build", "id": "build", "about": "Build it"})
        async with asyncio.TaskGroup() as group:
            group.create_task(town.die())
            for person in town.people:
                group.create_task(town.write(person))
        for message in town.written.values():
            message.made -= HELD
        await town.gateway.up()
        await until(lambda: all(town.answers().values()), within=60 + 2 * EACH)
        for person in town.people:
            await person.shows("npm run build", within=30)
    finally:
        await town.gateway.down()
        town.crew.end()
    handled = town.handled()
    assert {message.sid: 1 for message in town.written.values()} == {
        message.sid: handled[message.sid] for message in town.written.values()
    }
    again = sum(count - 1 for count in town.answers().values())
    print(f"{len(town.written)} messages, {KILLS} kills, {again} answers twice")  # noqa: T201
