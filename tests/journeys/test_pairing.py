"""From a new bot to a phone that decides: setting up, pairing, and putting out again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.botapi.server import FakeBotApi
from tests.support.crew import Crew
from tests.support.process import GatewayProcess, wingman
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}


class Flat:
    """A machine with a new bot, and nobody who may use it."""

    def __init__(self, directory: Path, telegram: FakeBotApi) -> None:
        self.telegram = telegram
        self.crew = Crew(directory, {})
        self.gateway = GatewayProcess(
            directory,
            self.crew.socket,
            TELEGRAM__API_BASE=telegram.base_url,
        )
        self.gateway.environment["XDG_CONFIG_HOME"] = str(directory / "config")

    def wingman(self, *arguments: str, typed: str = "") -> str:
        code, out, err = wingman(self.gateway.environment, *arguments, typed=typed)
        assert code == 0, err
        return out

    def set_up(self, *arguments: str, typed: str = "") -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.wingman("setup", "--json", *arguments, typed=typed))
        return told


@pytest.fixture
async def flat(tmp_path: Path, telegram: FakeBotApi) -> AsyncIterator[Flat]:
    made = Flat(tmp_path, telegram)
    yield made
    await made.gateway.down()
    made.crew.end()


async def test_a_phone_is_paired_decides_and_is_put_out(flat: Flat) -> None:
    ann = flat.telegram.person(7001, "Ann", started=False)
    mallory = flat.telegram.person(6660, "Mallory")
    told = await asyncio.to_thread(
        flat.set_up, "--telegram-token-file", "-", typed=flat.telegram.token
    )
    assert told["gateway"] == "start"
    await flat.gateway.up()

    await mallory.says("/start")
    await mallory.says(f"/start {told['code'][:-1]}")
    await ann.says(f"/start {told['code']}")
    await ann.chat.shows("Paired with Wingman")
    await until(lambda: "chat:7001" in flat.telegram.world.commands)
    await mallory.says(f"/start {told['code']}")

    flat.crew.hire("shop", BUILD)
    card = await ann.chat.shows("npm run build", within=20)
    await mallory.presses(card, card.button("Approve").data)
    await ann.taps(card, "Approve")
    await until(lambda: flat.crew.settled() == {("build", "approve"): 1})
    assert mallory.chat.from_bot == []

    flat.gateway.kill()
    await flat.gateway.up()
    await ann.says("ping")
    await ann.chat.shows("pong")
    people = json.loads(await asyncio.to_thread(flat.wingman, "people", "list", "--json"))
    assert [(one["user"], one["name"]) for one in people] == [("7001", "Ann")]
    await asyncio.to_thread(flat.wingman, "people", "remove", "7001")
    heard = len(ann.chat.from_bot)
    await ann.says("ping")
    await until(lambda: flat.telegram.world.updates.waiting == [])
    assert len(ann.chat.from_bot) == heard


async def test_a_second_phone_is_paired_while_the_gateway_runs(flat: Flat) -> None:
    ann, bob = (flat.telegram.person(n, name) for n, name in ((7001, "Ann"), (7002, "Bob")))
    first = await asyncio.to_thread(
        flat.set_up, "--telegram-token-file", "-", typed=flat.telegram.token
    )
    await flat.gateway.up()
    await ann.says(f"/start {first['code']}")
    await ann.chat.shows("Paired with Wingman")
    second = await asyncio.to_thread(flat.set_up)
    assert second["gateway"] == "ready"
    await bob.says(f"/start {second['code']}")
    await bob.chat.shows("Paired with Wingman")
    await ann.chat.shows("Bob was paired on Telegram")
    secrets = (flat.telegram.token, first["code"], second["code"])
    log = flat.gateway.log.read_text()
    assert not [secret for secret in secrets if secret in log]
