"""The local phone: the chat log is its provider, the browser and the terminal are its screens."""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator

from bot.channels import ChannelSpec
from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.ids import EventId
from bot.core.notices import Notice
from bot.ports.channel import Accept, Alarm, Capabilities, MessageGone, Rejected
from bot.ports.chatlog import ChatLog, ChatMessage

ID = "local"
OWNER = "owner"
ADDRESS = "local"
TIP = (
    "In the browser swipe a card to the right, or press it long, to reply to it; "
    "in the terminal begin with > and its code."
)

REMEMBERED = 200
"""Own events whose bubble can still be named; older ones are only known to the inbox."""


class NotListening(WingmanError):
    """Nobody takes messages yet, or any more."""


class LocalPhone:
    """A Channel whose person is whoever holds the gateway's token, cookie or socket."""

    def __init__(self, log: ChatLog) -> None:
        self._log = log
        self._accept: Accept | None = None
        self._changed = asyncio.Event()
        # An answer may be ready before the words it answers are in the log: they go first.
        self._writing = asyncio.Lock()
        self._bubbles: OrderedDict[str, int] = OrderedDict()

    @property
    def id(self) -> str:
        return ID

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(buttons=True, edits=True, text_limit=200_000, tip=TIP, rings=False)

    @property
    def allowed(self) -> dict[str, str]:
        return {OWNER: ADDRESS}

    def pause(self, address: str) -> float:
        return 0.0

    def burst(self, address: str) -> int:
        return 1

    async def run(self, accept: Accept, alarm: Alarm) -> None:
        self._accept = accept
        try:
            await asyncio.Event().wait()
        finally:
            self._accept = None

    async def send(self, address: str, notice: Notice) -> str:
        if address != ADDRESS:
            raise Rejected(f"the local phone has no address {address!r}")
        async with self._writing:
            message = await self._log.append("", notice, mine=False)
        self._wake()
        return str(message.id)

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        if address != ADDRESS or not (message.isascii() and message.isdigit()):
            raise MessageGone(f"the local phone has no message {message!r}")
        if await self._log.replace(int(message), notice) is None:
            raise MessageGone(f"message {message} is not in the chat log any more")
        self._wake()

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        """Its screens show the answer as a message."""

    async def fetch(self, file: InboundFile) -> bytes:
        raise Rejected("the local phone sends no files")

    async def submit(
        self,
        text: str,
        reply_to: int | None = None,
        tapped: bool = False,
        event: str | None = None,
        name: str = "local phone",
    ) -> bool:
        """What the person typed or tapped; False when this ``event`` was taken before.

        Raises NotListening before ``run`` and after it."""
        event = event or uuid.uuid4().hex
        inbound = Inbound(
            channel=ID,
            event=EventId(f"{ID}:{event}"),
            user=OWNER,
            name=name,
            address=ADDRESS,
            text=text,
            reply_to="" if reply_to is None else str(reply_to),
            tapped=tapped,
        )
        async with self._writing:
            if self._accept is None:
                raise NotListening("The gateway is starting or stopping: try again in a moment")
            if not await self._accept(inbound):
                return False
            bubble = await self._log.append(text, None, mine=True, reply_to=reply_to)
        self._remember(event, bubble.id)
        self._wake()
        return True

    def bubble_of(self, event: str) -> int | None:
        """The message a recent event of ``submit`` became."""
        return self._bubbles.get(event)

    async def subscribe(self, after: int = 0) -> AsyncGenerator[ChatMessage, None]:
        """Messages changed since revision ``after``, then each new one.

        Nothing is buffered for a slow reader: it reads the log again from where it is, and so
        sees a message that changed twice meanwhile only in its last form."""
        while True:
            changed = self._changed
            for message in await self._log.since(after):
                after = message.revision
                yield message
            await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _remember(self, event: str, message: int) -> None:
        self._bubbles[event] = message
        while len(self._bubbles) > REMEMBERED:
            self._bubbles.popitem(last=False)


CHANNEL = ChannelSpec(
    id=ID,
    summary="the phone in the browser and the terminal; needs no account and is always on",
    build=lambda context: LocalPhone(context.chat),
    called="Local phone",
)
