"""What is asked of Twilio, in our own values."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.channels._whatsapp.contents import Content
from bot.channels._whatsapp.inbound import Listed, Media


@dataclass(frozen=True, slots=True)
class Message:
    """Words, or a Content resource with what is put into it."""

    to: str
    body: str = ""
    content: str = ""
    variables: Mapping[str, str] | None = None


class Api(Protocol):
    """Everything raises RetryLater, Unreachable, Rejected or one of ``faults``."""

    async def send(self, message: Message) -> str:
        """The new message's SID. Raises Doubtful when it may have been taken all the same."""
        ...

    def listing(
        self, *, to: str = "", sender: str = "", since: datetime
    ) -> AsyncGenerator[Listed, None]:
        """Newest first, page by page as they are asked for; of that day in UTC and later."""
        ...

    async def media(self, message: str) -> Sequence[Media]: ...

    async def contents(self) -> Mapping[str, str]:
        """Friendly name → SID."""
        ...

    async def create_content(self, content: Content) -> str: ...

    async def typing(self, message: str) -> None:
        """Shows that an answer to it is being written, and marks it as read."""
        ...

    async def download(self, path: str) -> bytes: ...


Tell = Callable[[str, str], Awaitable[None]]
"""An alarm's key and text, as ``Alarm``; it never fails."""
