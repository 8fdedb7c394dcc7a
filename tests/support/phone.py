"""A phone for tests: a channel that keeps what it was sent, and what one can do with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count

from bot.core.decisions import Inbound
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind
from bot.ports.channel import Accept, Capabilities, MessageGone

ANN = "7001"


@dataclass
class Bubble:
    """One message on the phone; ``notice`` is what it says now, after all edits."""

    ref: str
    notice: Notice
    edits: int = 0
    address: str = ""

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
    ``fails_at`` is the same for one address; ``slow`` holds up those sent there."""

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
    tries: int = 0
    """Sends and edits, those that failed included."""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _accept: Accept | None = None
    _ids: count[int] = field(default_factory=lambda: count(1))

    async def run(self, accept: Accept) -> None:
        self._accept = accept
        self.connected.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.connected.clear()

    async def send(self, address: str, notice: Notice) -> str:
        await self._trouble(address)
        bubble = Bubble(f"{self.id}-{next(self._ids)}", notice, address=address)
        self.bubbles.append(bubble)
        return bubble.ref

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

    async def says(
        self, text: str, reply_to: str = "", event: str = "", user: str = ANN, name: str = ""
    ) -> EventId:
        """As if the person had typed it; the id of the event."""
        given = EventId(event or f"{self.id}-event-{next(self._ids)}")
        await self.connected.wait()
        assert self._accept is not None
        address = self.allowed.get(user, f"chat-{user}")
        await self._accept(
            Inbound(self.id, given, user, name or self.name, address, text, reply_to=reply_to)
        )
        return given

    async def taps(self, bubble: Bubble, label: str) -> EventId:
        return await self.says(bubble.button(label))

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
