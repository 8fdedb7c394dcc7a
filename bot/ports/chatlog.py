"""What the local phone shows: its messages outlive the page and the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.notices import Notice


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One bubble. ``revision`` rises with each new or changed message of the whole log."""

    id: int
    revision: int
    at: datetime
    mine: bool
    """Typed or tapped by the person."""
    text: str
    notice: Notice | None
    reply_to: int | None = None


class ChatLog(Protocol):
    async def append(
        self, text: str, notice: Notice | None, *, mine: bool, reply_to: int | None = None
    ) -> ChatMessage: ...

    async def replace(self, message: int, notice: Notice) -> ChatMessage | None:
        """The changed message, None when there is no such message."""
        ...

    async def get(self, message: int) -> ChatMessage | None: ...

    async def since(self, revision: int, limit: int = 200) -> tuple[ChatMessage, ...]:
        """Messages with a higher revision, oldest first; the newest ``limit`` of them."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets messages made before then; how many."""
        ...
