"""A way to reach people: Telegram, WhatsApp, the local phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.core.decisions import Inbound
from bot.core.errors import WingmanError
from bot.core.notices import Notice


class RetryLater(WingmanError):
    """The provider asks for patience; ``after`` is in seconds."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after


class Rejected(WingmanError):
    """The provider will never take this message."""


class MessageGone(Rejected):
    """The message to edit is not there any more: send a new one."""


class Unreachable(WingmanError):
    """The outcome is not known: the message may have arrived."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    buttons: bool
    edits: bool
    text_limit: int
    """Characters of one message."""
    interval: float = 0.0
    """Seconds between two messages to one recipient."""


Accept = Callable[[Inbound], Awaitable[bool]]
"""Stores an inbound event; True once it is durable and new, False if it was known already."""


class Channel(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def allowed(self) -> dict[str, str]:
        """Who may act: the provider's user id and the address notices for that person go to."""
        ...

    async def run(self, accept: Accept) -> None:
        """Receives until cancelled. An event is acknowledged only after ``accept`` returned."""
        ...

    async def send(self, address: str, notice: Notice) -> str:
        """Returns the provider's reference. Raises RetryLater, Rejected or Unreachable."""
        ...

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        """Replaces what a message says; also raises MessageGone."""
        ...
