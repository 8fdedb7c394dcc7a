"""Stand-ins for what WhatsApp's channel is built on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.channels._whatsapp.api import Message
from bot.channels._whatsapp.contents import Content
from bot.channels._whatsapp.faults import ContentRefused
from bot.channels._whatsapp.inbound import Listed, Media
from bot.channels._whatsapp.memories import Offers
from bot.channels._whatsapp.outcomes import Outcomes
from bot.channels._whatsapp.porter import Porter
from bot.channels._whatsapp.sending import Sending
from bot.channels._whatsapp.window import Windows
from bot.core.decisions import Inbound
from bot.core.errors import WingmanError
from bot.core.fate import Fate
from bot.core.notices import Notice
from bot.ports.clock import Clock
from tests.channels._whatsapp.samples import ANN, SENDER, sid
from tests.support.clock import FakeClock

TEMPLATE = "HX" + "7" * 32


class FakeMemory:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def put(self, key: str, value: str) -> None:
        self.kept[key] = value


@dataclass
class Desk:
    """Takes what comes in, once for an event; ``fails`` are raised by the next ones."""

    taken: list[Inbound] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    """As they were raised and cleared; what changes nothing is left out, as the service does."""

    async def accept(self, inbound: Inbound) -> bool:
        if self.fails:
            raise self.fails.pop(0)
        if any(known.event == inbound.event for known in self.taken):
            return False
        self.taken.append(inbound)
        return True

    async def alarm(self, key: str, text: str) -> None:
        standing = dict(self.alarms)
        if bool(standing.get(key)) is not bool(text):
            self.alarms.append((key, text))

    @property
    def standing(self) -> dict[str, str]:
        return {key: text for key, text in dict(self.alarms).items() if text}

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.taken]


@dataclass
class FakeApi:
    """``fails``: raised by the next calls of a method, one each; a None lets one pass."""

    clock: Clock
    sent: list[Message] = field(default_factory=list)
    messages: list[Listed] = field(default_factory=list)
    """Oldest first; what is sent stands here too."""
    files: dict[str, list[Media]] = field(default_factory=dict)
    defined: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    fails: dict[str, list[Exception | None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    takes_and_fails: list[Exception] = field(default_factory=list)
    """Raised by sends that arrive all the same."""
    _ids: count[int] = field(default_factory=lambda: count(1000))

    async def send(self, message: Message) -> str:
        self._trouble("send")
        if message.content and message.content not in (*self.defined.values(), TEMPLATE):
            raise ContentRefused("no such content")
        self.sent.append(message)
        new = sid(next(self._ids))
        body = message.body or f"Wingman: {(message.variables or {}).get('1')}."
        self.lists(body, sid=new, outbound=True)
        if self.takes_and_fails:
            raise self.takes_and_fails.pop(0)
        return new

    def lists(
        self,
        body: str,
        *,
        sid: str,
        at: datetime | None = None,
        outbound: bool = False,
        status: str = "",
        error: int = 0,
        media: int = 0,
    ) -> None:
        ends = (SENDER, f"whatsapp:{ANN}") if outbound else (f"whatsapp:{ANN}", SENDER)
        when = (at or self.clock.now()).replace(microsecond=0)
        listed = Listed(sid, *ends, body, when, status, error, media, outbound)
        self.messages.append(listed)

    async def listing(
        self, *, to: str = "", sender: str = "", since: datetime
    ) -> AsyncGenerator[Listed, None]:
        self._trouble("listing")
        newest = list(reversed(self.messages))
        newest.sort(key=lambda message: message.at, reverse=True)
        for message in newest:
            fits = to in ("", message.to) and sender in ("", message.sender)
            if fits and message.at.date() >= since.date():
                yield message

    async def media(self, message: str) -> Sequence[Media]:
        self._trouble("media")
        return self.files[message]

    async def contents(self) -> Mapping[str, str]:
        self._trouble("contents")
        return dict(self.defined)

    async def create_content(self, content: Content) -> str:
        self._trouble("create_content")
        self.defined[content.name] = f"HX{len(self.defined):032x}"
        return self.defined[content.name]

    async def typing(self, message: str) -> None:
        self._trouble("typing")
        self.typed.append(message)

    async def download(self, path: str) -> bytes:
        self._trouble("download")
        return path.encode()

    async def close(self) -> None:
        self.calls.append("close")

    def _trouble(self, method: str) -> None:
        self.calls.append(method)
        waiting = self.fails.get(method)
        error = waiting.pop(0) if waiting else None
        if error is not None:
            raise error

    @property
    def texts(self) -> list[str]:
        return [message.body for message in self.sent]


class Parts:
    """All that a channel sends with, put together."""

    def __init__(self, *, template: str = TEMPLATE, memory: FakeMemory | None = None) -> None:
        self.clock = FakeClock()
        self.memory = memory or FakeMemory()
        self.api = FakeApi(self.clock)
        self.desk = Desk()
        self.told: list[tuple[str, Fate, str]] = []
        self.windows = Windows(self.memory, (ANN,))
        self.outcomes = Outcomes(self.windows, self.clock, self.desk.alarm)
        self.outcomes.on_receipt(self._tell)
        self.porter = Porter(
            self.windows, self.memory, self.clock, template, self.outcomes, self.desk.alarm
        )
        self.offers = Offers(self.memory)
        self.sending = Sending(
            self.api,
            SENDER,
            self.memory,
            self.clock,
            self.windows,
            self.offers,
            self.porter,
            self.outcomes,
        )

    async def _tell(self, message: str, fate: Fate, error: str) -> None:
        self.told.append((message, fate, error))

    async def open(self) -> None:
        """Ann has just written."""
        await self.windows.heard(ANN, self.clock.now())
        self.windows.look_done()

    async def sends_in_time(self, notice: Notice) -> str:
        """With a minute for the pauses between its messages."""

        async def attempt() -> str | WingmanError:
            try:
                return await self.sending.send(ANN, notice)
            except WingmanError as error:
                return error

        async with asyncio.TaskGroup() as group:
            job = group.create_task(attempt())
            await self.clock.advance(60)
        ended = job.result()
        if isinstance(ended, WingmanError):
            raise ended
        return ended
