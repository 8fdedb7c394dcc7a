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
    """Implements the channel port. ``fails`` are raised by the next sends, one each."""

    id: str = "fake"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(buttons=True, edits=True, text_limit=4096)
    )
    allowed: dict[str, str] = field(default_factory=lambda: {ANN: f"chat-{ANN}"})
    name: str = "Ann"
    bubbles: list[Bubble] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    _accept: Accept | None = None
    _ids: count[int] = field(default_factory=lambda: count(1))

    async def run(self, accept: Accept) -> None:
        self._accept = accept
        await asyncio.Event().wait()

    async def send(self, address: str, notice: Notice) -> str:
        if self.fails:
            raise self.fails.pop(0)
        bubble = Bubble(f"{self.id}-{next(self._ids)}", notice)
        self.bubbles.append(bubble)
        return bubble.ref

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        if self.fails:
            raise self.fails.pop(0)
        for bubble in self.bubbles:
            if bubble.ref == message:
                bubble.notice = notice
                bubble.edits += 1
                return
        raise MessageGone(message)

    async def says(
        self, text: str, reply_to: str = "", event: str = "", user: str = ANN
    ) -> EventId:
        """As if the person had typed it; the id of the event."""
        given = EventId(event or f"{self.id}-event-{next(self._ids)}")
        if self._accept is None:
            raise AssertionError("the phone is not connected")
        address = self.allowed.get(user, f"chat-{user}")
        await self._accept(
            Inbound(self.id, given, user, self.name, address, text, reply_to=reply_to)
        )
        return given

    async def taps(self, bubble: Bubble, label: str) -> EventId:
        return await self.says(bubble.button(label))

    def cards(self) -> list[Bubble]:
        """Open prompts as the phone shows them now."""
        return [b for b in self.bubbles if b.notice.kind is NoticeKind.PROMPT]

    def replies(self) -> list[Bubble]:
        kinds = (NoticeKind.REPLY, NoticeKind.TROUBLE)
        return [b for b in self.bubbles if b.notice.kind in kinds]
