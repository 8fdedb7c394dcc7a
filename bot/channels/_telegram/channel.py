"""The channel itself, put together of its parts. Knows nothing of Telegram's library."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Protocol

from bot.channels import ChannelContext
from bot.channels._telegram.api import Api, Chat
from bot.channels._telegram.checking import PATH
from bot.channels._telegram.courtesy import Courtesy
from bot.channels._telegram.intake import Intake
from bot.channels._telegram.places import Places
from bot.channels._telegram.receiving import WAIT, Hooking, Line, Polling, Receiver
from bot.channels._telegram.sending import Sending, burst, pause
from bot.channels._telegram.updates import CHANNEL as ID
from bot.channels._telegram.updates import House
from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.notices import Notice
from bot.ports.channel import Accept, Alarm, Capabilities, Rejected, Unreachable
from bot.ports.webhook import Webhook

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of a file that bots get (Bot API, getFile)."""
PER_SECOND = 30.0
"""Messages to all chats together (Bot FAQ)."""
TIP = (
    "Swipe a card to the left to reply to it. A photo or a file goes to the agent with "
    "“tell NAME …” as its caption, or as a reply. The menu beside the text has all commands."
)


class Closable(Api, Chat, Protocol):
    async def open(self) -> None: ...

    async def close(self) -> None: ...


class Telegram:
    def __init__(self, context: ChannelContext, api: Closable, wait: float = WAIT) -> None:
        self._settings = context.settings.telegram
        self._context = context
        self._api = api
        self._wait = wait
        self._places = Places(context.memory)
        self._sending = Sending(
            api, self._places, context.memory, context.clock, self._settings.layout
        )
        self._courtesy = Courtesy(
            api,
            api,
            self._sending,
            self._places,
            context.memory,
            self._settings.allowed_users,
            [(hint.name, hint.summary) for hint in context.commands],
        )
        self._hooking: Hooking | None = None

    @property
    def id(self) -> str:
        return ID

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            buttons=True, edits=True, text_limit=4096, per_second=PER_SECOND, tip=TIP
        )

    @property
    def allowed(self) -> dict[str, str]:
        return {user: self.gathering or user for user in self._settings.allowed_users}

    @property
    def gathering(self) -> str:
        return str(self._settings.group) if self._settings.layout == "forum" else ""

    @property
    def webhooks(self) -> Sequence[Webhook]:
        return (Webhook(PATH, self._hooked),) if self._settings.mode == "webhook" else ()

    def pause(self, address: str) -> float:
        return pause(address)

    def burst(self, address: str) -> int:
        return burst(address)

    async def run(self, accept: Accept, alarm: Alarm) -> None:
        context = self._context
        forum = self._settings.group if self._settings.layout == "forum" else None
        house = House(self._settings.group_approvals, forum)
        edited, ahead = self._courtesy.edited, lambda: self._api.ahead
        intake = Intake(house, self._places, context.memory, accept, edited, ahead)
        line = Line(self._api, context.clock, intake, context.memory, self._courtesy.greet, alarm)
        source: Polling | Hooking = Polling(line, self._wait)
        if self._settings.mode == "webhook":
            public = (context.settings.web.public_url or "").rstrip("/")
            source = self._hooking = Hooking(line, public + PATH, secrets.token_urlsafe(32))
        await self._api.open()
        try:
            await Receiver(source, alarm, context.clock).run()
        finally:
            self._hooking = None
            await self._api.close()

    async def send(self, address: str, notice: Notice) -> str:
        return await self._sending.send(address, notice)

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        await self._sending.edit(address, message, notice)

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        await self._courtesy.receipt(inbound, reply)

    async def fetch(self, file: InboundFile) -> bytes:
        if file.size > DOWNLOAD_LIMIT:
            raise Rejected(
                f"“{file.name}” is too big: Telegram gives files of up to 20 MB to bots"
            )
        try:
            return await self._api.download(file.ref)
        except (Unreachable, Rejected):
            raise
        except WingmanError as error:
            raise Unreachable(str(error)) from None

    async def _hooked(self, headers: Any, body: bytes) -> int:
        return 503 if self._hooking is None else await self._hooking.handle(headers, body)
