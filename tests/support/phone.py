"""A phone for tests: a channel that keeps what it was sent, and what one can do with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.core.decisions import Inbound, InboundFile
from bot.core.fate import Fate
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind
from bot.ports.channel import Accept, Alarm, Capabilities, MessageGone, Rejected
from bot.ports.receipts import Receipt

ANN = "7001"


@dataclass
class Bubble:
    """One message on the phone; ``notice`` is what it says now, after all edits."""

    ref: str
    notice: Notice
    edits: int = 0
    address: str = ""
    parts: tuple[str, ...] = ()
    """References of the messages above it that hold what did not fit."""

    @property
    def text(self) -> str:
        parts = "\n".join(part.text for part in self.notice.parts)
        return f"{self.notice.title}\n{parts}"

    def button(self, label: str) -> str:
        """The command of the button that begins with ``label``."""
        for button in self.notice.buttons:
            if button.label.startswith(label):
                return button.command
        labels = [button.label for button in self.notice.buttons]
        raise AssertionError(f"no button {label!r} among {labels} of {self.notice.title!r}")


@dataclass
class FakePhone:
    """Implements the channel port. ``fails`` are raised by the next sends, one each;
    ``fails_at`` is the same for one address; ``slow`` holds up those sent there.

    ``toasts``: its taps are acknowledged. ``split``: how many messages a notice takes; the last
    one is the card. ``contents`` are the files people send, by reference; ``fetch_fails`` are
    raised by the next fetches."""

    id: str = "fake"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(buttons=True, edits=True, text_limit=4096)
    )
    allowed: dict[str, str] = field(default_factory=lambda: {ANN: f"chat-{ANN}"})
    name: str = "Ann"
    bubbles: list[Bubble] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    fails_at: dict[str, list[Exception]] = field(default_factory=dict)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    """Seconds between two messages, by address."""
    bursts: dict[str, int] = field(default_factory=dict)
    toasts: bool = False
    split: int = 1
    receipts: list[tuple[Inbound, Notice | None]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    fetch_fails: list[Exception] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    tries: int = 0
    """Sends and edits, those that failed included."""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _accept: Accept | None = None
    _alarm: Alarm | None = None
    _ids: count[int] = field(default_factory=lambda: count(1))

    def pause(self, address: str) -> float:
        return self.pauses.get(address, 0.0)

    def burst(self, address: str) -> int:
        return self.bursts.get(address, 1)

    async def run(self, accept: Accept, alarm: Alarm) -> None:
        self._accept, self._alarm = accept, alarm
        self.connected.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.connected.clear()

    async def send(self, address: str, notice: Notice) -> str:
        await self._trouble(address)
        refs = [f"{self.id}-{next(self._ids)}" for _ in range(self.split)]
        self.bubbles.append(Bubble(refs[-1], notice, address=address, parts=tuple(refs[:-1])))
        return " ".join(refs)

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        await self._trouble(address)
        for bubble in self.bubbles:
            if bubble.ref == message:
                bubble.notice = notice
                bubble.edits += 1
                return
        raise MessageGone(message)

    async def _trouble(self, address: str) -> None:
        self.tries += 1
        if self.fails:
            raise self.fails.pop(0)
        if self.fails_at.get(address):
            raise self.fails_at[address].pop(0)
        if address in self.slow:
            await self.slow[address].wait()

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        self.receipts.append((inbound, reply))

    async def fetch(self, file: InboundFile) -> bytes:
        self.fetched.append(file.ref)
        if self.fetch_fails:
            raise self.fetch_fails.pop(0)
        if file.ref not in self.contents:
            raise Rejected("file is gone")
        return self.contents[file.ref]

    async def raises(self, key: str, text: str) -> None:
        """The channel's alarm."""
        await self.connected.wait()
        assert self._alarm is not None
        await self._alarm(key, text)

    async def says(
        self,
        text: str,
        reply_to: str = "",
        event: str = "",
        user: str = ANN,
        name: str = "",
        **more: Any,
    ) -> EventId:
        """As if the person had typed it; the id of the event. ``more`` are fields of Inbound."""
        given = EventId(event or f"{self.id}-event-{next(self._ids)}")
        await self.connected.wait()
        assert self._accept is not None
        address = self.allowed.get(user, f"chat-{user}")
        who = (user, name or self.name, address)
        await self._accept(Inbound(self.id, given, *who, text, reply_to=reply_to, **more))
        return given

    async def taps(self, bubble: Bubble, label: str) -> EventId:
        receipt = f"tap-{next(self._ids)}" if self.toasts else ""
        return await self.says(bubble.button(label), bubble.ref, tapped=True, receipt=receipt)

    async def sends(
        self, *files: tuple[str, bytes], caption: str = "", size: int | None = None, **more: Any
    ) -> EventId:
        """Files by name and content in one message; ``size`` is what the provider says of each."""
        described = []
        for name, content in files:
            ref = f"file-{next(self._ids)}"
            self.contents[ref] = content
            stated = len(content) if size is None else size
            described.append(InboundFile(ref, name, stated, "application/octet-stream"))
        return await self.says(caption, files=tuple(described), **more)

    def at(self, address: str) -> list[Bubble]:
        return [bubble for bubble in self.bubbles if bubble.address == address]

    def titles(self) -> list[str]:
        return [bubble.notice.title for bubble in self.bubbles]

    def cards(self) -> list[Bubble]:
        """Open prompts as the phone shows them now."""
        return [b for b in self.bubbles if b.notice.kind is NoticeKind.PROMPT]

    def replies(self) -> list[Bubble]:
        kinds = (NoticeKind.REPLY, NoticeKind.TROUBLE)
        return [b for b in self.bubbles if b.notice.kind in kinds]


@dataclass
class ReportingPhone(FakePhone):
    """One whose provider tells what became of messages. ``early``: what it tells of the next ones
    before it has even answered, one each."""

    early: list[tuple[Fate, str]] = field(default_factory=list)
    _tell: Receipt | None = None

    def on_receipt(self, tell: Receipt) -> None:
        self._tell = tell

    async def send(self, address: str, notice: Notice) -> str:
        refs = await super().send(address, notice)
        if self.early:
            await self.reports(refs.split()[-1], *self.early.pop(0))
        return refs

    async def reports(self, message: str, fate: Fate, error: str = "") -> None:
        assert self._tell is not None
        await self._tell(message, fate, error)
