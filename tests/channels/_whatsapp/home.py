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
from tests.channels._whatsapp.rig import TEMPLATE, Desk, FakeMemory
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, TOKEN
from tests.channels._whatsapp.server import SmallTwilio
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import Gateway, LoopClock
from tests.support.waiting import until

PUBLIC = "https://wingman.example.org"


class Rig:
    def __init__(self, twilio: SmallTwilio, *, public_url: str | None = None, **more: Any) -> None:
        self.twilio = twilio
        self.desk = Desk()
        self.memory = FakeMemory()
        self.clock = LoopClock()
        self.told: list[tuple[str, Fate, str]] = []
        given = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "from": SENDER,
            "allowed_numbers": ANN,
            "poll_interval": 0.05,
            "api_base": twilio.base_url,
            "content_api_base": twilio.base_url,
            "template_sid": TEMPLATE,
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
        api = TwilioApi(account, token, SENDER, base, base, callback, patience=1)
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
async def twilio() -> AsyncIterator[SmallTwilio]:
    async with SmallTwilio().running() as twilio:
        yield twilio


@pytest.fixture
async def rig(twilio: SmallTwilio) -> AsyncIterator[Rig]:
    async with Rig(twilio).running() as rig:
        await twilio.says("hello")
        await rig.hears("hello")
        yield rig


@pytest.fixture
async def posted(twilio: SmallTwilio) -> AsyncIterator[Rig]:
    """With the web server of the gateway before it, as behind a proxy."""
    rig = Rig(twilio, public_url=PUBLIC)
    gateway = Gateway(webhooks=tuple(rig.channel.webhooks), public_url=PUBLIC)
    async with gateway.running(), rig.running():
        twilio.hook_at = gateway.url
        await until(lambda: rig.channel._windows.looked)
        await twilio.says("hello")
        yield rig
