"""What is asked of the Bot API, in our own values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.channels._telegram.rendering import Outgoing
from bot.channels._telegram.updates import Me


@dataclass(frozen=True, slots=True)
class Hook:
    """As ``getWebhookInfo`` has it; the url is empty when none is set."""

    url: str
    error: str = ""
    """The last failure of a delivery."""
    error_at: float = 0.0
    """Seconds since 1970."""


class Api(Protocol):
    """Everything raises RetryLater, Unreachable, Rejected or one of ``faults``."""

    @property
    def ahead(self) -> timedelta:
        """How much later it is by Telegram's clock than by ours, as its last answer told to the
        second; nothing as long as none did."""
        ...

    async def me(self) -> Me: ...

    async def updates(self, offset: int | None, wait: float) -> Sequence[Any]:
        """Those not confirmed yet, as they came; answers after ``wait`` seconds when there are
        none. An ``offset`` confirms all before it."""
        ...

    async def hook(self) -> Hook: ...

    async def set_hook(self, url: str, secret: str) -> None: ...

    async def drop_hook(self) -> None: ...

    async def leads(self, chat: int, bot: int) -> bool:
        """Whether the bot is an administrator of that group. Raises Rejected when it is not in
        there."""
        ...

    async def set_commands(self, chat: int | None, commands: Sequence[tuple[str, str]]) -> None:
        """Name and summary of each; for everybody who has no list of his own without a chat."""
        ...


class Chat(Protocol):
    """The part that messages go through."""

    async def send(self, chat: int, message: Outgoing, thread: int | None) -> int:
        """The new message's id; 0 when it was taken, and the answer does not say it."""
        ...

    async def edit(self, chat: int, message: int, content: Outgoing) -> None: ...

    async def toast(self, tap: str, text: str, *, alert: bool) -> None: ...

    async def react(self, chat: int, message: int, emoji: str) -> None: ...

    async def open_topic(self, chat: int, name: str) -> int:
        """The new topic's thread id."""
        ...

    async def download(self, ref: str) -> bytes: ...
