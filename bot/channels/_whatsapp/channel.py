"""The channel itself, put together of its parts. Knows nothing of Twilio's library."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

from bot.channels import ChannelContext
from bot.channels._whatsapp.api import Api
from bot.channels._whatsapp.hooking import Hooking, Verify
from bot.channels._whatsapp.inbound import CHANNEL as ID
from bot.channels._whatsapp.inbound import Line
from bot.channels._whatsapp.intake import Intake
from bot.channels._whatsapp.memories import Directory, Offers
from bot.channels._whatsapp.outcomes import Outcomes
from bot.channels._whatsapp.polling import Polling
from bot.channels._whatsapp.porter import ROUND, Porter
from bot.channels._whatsapp.receiving import Receiver, Voice
from bot.channels._whatsapp.sending import SANDBOX, Sending, pause
from bot.channels._whatsapp.texts import TEXT_LIMIT
from bot.channels._whatsapp.window import Windows, standing
from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.notices import Notice
from bot.ports.channel import (
    Accept,
    Alarm,
    Capabilities,
    MessageGone,
    Rejected,
    Unreachable,
)
from bot.ports.receipts import Receipt
from bot.ports.webhook import Webhook

MESSAGES, STATUS = "/twilio/webhook", "/twilio/status"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
PER_SECOND = 80.0
"""Messages of one sender (Twilio, WhatsApp, Throughput)."""
TIP = (
    "Swipe a card to the right to reply to it. A picture or a file goes to the agent with "
    "“tell NAME …” as its caption, or as a reply."
)
HOLD = timedelta(seconds=60)
RECONCILE = 60.0
"""Seconds between two looks at the list where messages are posted to us."""


class Closable(Api, Protocol):
    async def close(self) -> None: ...


class WhatsApp:
    def __init__(self, context: ChannelContext, api: Closable, verify: Verify) -> None:
        settings = context.settings.whatsapp
        self._settings = settings
        self._context = context
        self._api = api
        self._verify = verify
        self._voice = Voice()
        memory, clock = context.memory, context.clock
        self._windows = Windows(memory, settings.allowed_numbers)
        self._outcomes = Outcomes(self._windows, clock, self._voice.tell)
        self._porter = Porter(
            self._windows,
            memory,
            clock,
            settings.template_sid or "",
            self._outcomes,
            self._voice.tell,
        )
        self._offers = Offers(memory)
        self._sending = Sending(
            api,
            settings.sender or "",
            memory,
            clock,
            self._windows,
            self._offers,
            self._porter,
            self._outcomes,
        )
        self._hooking: Hooking | None = None

    @property
    def id(self) -> str:
        return ID

    @property
    def capabilities(self) -> Capabilities:
        rate = 1 / pause(SANDBOX) if self._settings.sender == SANDBOX else PER_SECOND
        return Capabilities(
            buttons=True,
            edits=False,
            text_limit=TEXT_LIMIT,
            per_second=rate,
            tip=TIP,
            costs=True,
        )

    @property
    def allowed(self) -> dict[str, str]:
        return {number: number for number in self._settings.allowed_numbers}

    @property
    def webhooks(self) -> Sequence[Webhook]:
        if not posted_to(self._context):
            return ()
        return (
            Webhook(MESSAGES, self._on_message, says=EMPTY, media_type="text/xml"),
            Webhook(STATUS, self._on_status),
        )

    def on_receipt(self, tell: Receipt) -> None:
        self._outcomes.on_receipt(tell)

    def standing(self) -> tuple[str, ...]:
        now = self._context.clock.now()
        return standing(self._windows.known(), self._sending.billed, now)

    def pause(self, address: str) -> float:
        return pause(self._settings.sender or "")

    def burst(self, address: str) -> int:
        return 1

    async def run(self, accept: Accept, alarm: Alarm) -> None:
        self._voice.begin(alarm)
        context, settings = self._context, self._settings
        numbers = settings.allowed_numbers
        people = Directory(context.memory, numbers, self._windows.knows)
        line = Line(settings.account_sid or "", settings.sender or "")
        intake = Intake(self._api, self._windows, self._porter, accept)
        is_posted = posted_to(context)
        if is_posted:
            self._hooking = Hooking(
                line,
                self._verify,
                people,
                intake,
                self._outcomes,
                self._voice.tell,
                context.clock,
            )
        polling = Polling(
            self._api,
            line,
            people,
            self._offers,
            intake,
            self._outcomes,
            self._windows,
            context.memory,
            context.clock,
            HOLD if is_posted else timedelta(),
        )
        interval = RECONCILE if is_posted else settings.poll_interval
        receiver = Receiver(
            polling.round, interval, self._outcomes, self._voice.tell, context.clock
        )
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(receiver.run())
                group.create_task(intake.announce())
                group.create_task(self._keep_watch())
        finally:
            self._hooking = None
            await self._api.close()

    async def _keep_watch(self) -> None:
        while True:
            await self._sending.recall()
            await self._context.clock.sleep(ROUND)
            await self._porter.round(self._sending.announce)
            await self._porter.warn(self._sending.waiting, self._sending.say)

    async def send(self, address: str, notice: Notice) -> str:
        return await self._sending.send(address, notice)

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        raise MessageGone("WhatsApp has no way to change a message")

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        """That it was read was shown when it came."""

    async def fetch(self, file: InboundFile) -> bytes:
        try:
            return await self._api.download(file.ref)
        except (Unreachable, Rejected):
            raise
        except WingmanError as error:
            raise Unreachable(str(error)) from None

    async def _on_message(self, headers: Mapping[str, str], body: bytes) -> int:
        if self._hooking is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return await self._hooking.message(MESSAGES, headers, body)

    async def _on_status(self, headers: Mapping[str, str], body: bytes) -> int:
        if self._hooking is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return await self._hooking.status(STATUS, headers, body)


def posted_to(context: ChannelContext) -> bool:
    """Whether Twilio posts to us, by the settings."""
    mode = context.settings.whatsapp.mode
    return mode == "webhook" or (mode == "auto" and bool(context.settings.web.public_url))
