"""The channel on a Twilio of its own, and what was accepted from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels import ChannelContext
from bot.channels._whatsapp.channel import STATUS, WhatsApp, posted_to
from bot.channels.whatsapp import Signatures, TwilioApi
from bot.core.fate import Fate
from bot.settings import Settings, WhatsAppSettings
from tests.channels._whatsapp.rig import Desk, FakeMemory
from tests.channels._whatsapp.samples import ANN
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import Gateway, LoopClock
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until

PUBLIC = "https://wingman.example.org"


def ann(twilio: FakeTwilio) -> Person:
    known = twilio.world.people.get(ANN)
    if known is None:
        return twilio.person(ANN, "Ann", has_written=False)
    return Person(twilio.world, twilio.courier, twilio.poster, twilio.line, known)


class Rig:
    def __init__(self, twilio: FakeTwilio, *, public_url: str | None = None, **more: Any) -> None:
        self.twilio = twilio
        self.ann = ann(twilio)
        self.desk = Desk()
        self.memory = FakeMemory()
        self.clock = LoopClock()
        self.told: list[tuple[str, Fate, str]] = []
        given = {
            "account_sid": twilio.account,
            "auth_token": twilio.token,
            "from": twilio.sender,
            "allowed_numbers": ANN,
            "poll_interval": 0.05,
            "api_base": twilio.base_url,
            "content_api_base": twilio.base_url,
            **more,
        }
        settings = Settings(
            whatsapp=WhatsAppSettings.model_validate(given),
            web={"public_url": public_url},  # type: ignore[arg-type]
        )
        self.context = ChannelContext(settings, FakeChatLog(self.clock), self.clock, self.memory)
        base = twilio.base_url
        account, token = given["account_sid"], given["auth_token"]
        callback = public_url + STATUS if posted_to(self.context) and public_url else ""
        api = TwilioApi(
            account, token, given["from"], base, base, self.clock, callback, patience=1
        )
        self.channel = WhatsApp(self.context, api, Signatures(token, public_url or "").hold)
        self.channel.on_receipt(self._tell)

    async def _tell(self, message: str, fate: Fate, error: str) -> None:
        self.told.append((message, fate, error))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(self.channel.run(self.desk.accept, self.desk.alarm))
            try:
                yield self
            finally:
                job.cancel()

    async def hears(self, text: str) -> None:
        await until(lambda: text in self.desk.texts)


@pytest.fixture
async def rig(twilio: FakeTwilio) -> AsyncIterator[Rig]:
    async with Rig(twilio).running() as rig:
        await rig.ann.says("hello")
        await rig.hears("hello")
        yield rig


@pytest.fixture
async def posted(twilio: FakeTwilio) -> AsyncIterator[Rig]:
    """With the web server of the gateway before it, as behind a proxy."""
    rig = Rig(twilio, public_url=PUBLIC)
    gateway = Gateway(webhooks=tuple(rig.channel.webhooks), public_url=PUBLIC)
    async with gateway.running(), rig.running():
        twilio.reachable_at.append(gateway.url)
        twilio.webhook_url = f"{PUBLIC}/twilio/webhook"
        await until(lambda: rig.channel._windows.looked)
        await rig.ann.says("hello")
        yield rig
