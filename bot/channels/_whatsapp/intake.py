"""What came in, whichever way: the window opens, the message is stored, an answer is announced."""

from __future__ import annotations

import asyncio
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
        windows: Windows,
        porter: Porter,
        accept: Accept,
    ) -> None:
        self._api = api
        self._windows = windows
        self._porter = porter
        self._accept = accept
        self._typing: asyncio.Queue[str] = asyncio.Queue(ANNOUNCED)

    async def take(self, inbound: Inbound, at: datetime) -> bool:
        """Durable when this returns; True for what was new. Raises what the store raises."""
        # Before it is stored: the answer may be on its way as soon as it is.
        is_person = await self.heard(inbound.address, at)
        new = await self._accept(inbound)
        if new and is_person and not self._typing.full():
            self._typing.put_nowait(inbound.receipt)
        return new

    async def heard(self, address: str, at: datetime) -> bool:
        """True when it is somebody known."""
        is_news = await self._windows.heard(address, at)
        if is_news:
            await self._porter.heard(address)
        return is_news or await self._windows.knows(address)

    async def announce(self) -> None:
        """Shows that an answer is being written; never the reason for anything to wait."""
        while True:
            message = await self._typing.get()
            try:
                await self._api.typing(message)
            except WingmanError as error:
                log.info("whatsapp.no_typing", reason=str(error))
