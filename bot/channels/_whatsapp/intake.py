"""What came in, whichever way: the window opens, the message is stored, an answer is announced."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime

import structlog

from bot.channels._whatsapp.api import Api
from bot.channels._whatsapp.porter import Porter
from bot.channels._whatsapp.window import Windows
from bot.core.decisions import Inbound
from bot.core.errors import WingmanError
from bot.ports.channel import Accept

log = structlog.get_logger()

ANNOUNCED = 20


class Intake:
    def __init__(
        self,
        api: Api,
        allowed: Collection[str],
        windows: Windows,
        porter: Porter,
        accept: Accept,
    ) -> None:
        self._api = api
        self._allowed = allowed
        self._windows = windows
        self._porter = porter
        self._accept = accept
        self._typing: asyncio.Queue[str] = asyncio.Queue(ANNOUNCED)

    async def take(self, inbound: Inbound, at: datetime) -> bool:
        """Durable when this returns; True for what was new. Raises what the store raises."""
        # Before it is stored: the answer may be on its way as soon as it is.
        await self.heard(inbound.user, inbound.address, at)
        new = await self._accept(inbound)
        if new and inbound.user in self._allowed and not self._typing.full():
            self._typing.put_nowait(inbound.receipt)
        return new

    async def heard(self, user: str, address: str, at: datetime) -> None:
        """Of strangers nothing is kept."""
        if user in self._allowed and await self._windows.heard(address, at):
            await self._porter.heard(address)

    async def announce(self) -> None:
        """Shows that an answer is being written; never the reason for anything to wait."""
        while True:
            message = await self._typing.get()
            try:
                await self._api.typing(message)
            except WingmanError as error:
                log.info("whatsapp.no_typing", reason=str(error))
