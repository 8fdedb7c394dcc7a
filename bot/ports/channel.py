"""A way to reach people: Telegram, WhatsApp, the local phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.notices import Notice


class RetryLater(WingmanError):
    """The provider asks for patience; ``after`` is in seconds."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after


class Rejected(WingmanError):
    """The provider will never take this message."""


class Blocked(Rejected):
    """That person or chat takes nothing from us any more: blocked, left, or removed us."""


class MessageGone(Rejected):
    """The message to edit is not there any more: send a new one."""


class Unreachable(WingmanError):
    """The outcome is not known: the message may have arrived."""


class Offline(Unreachable):
    """There was no way to the provider: nothing has arrived."""


class Parked(WingmanError):
    """Nothing can be sent to that person until they write: it waits for that."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    buttons: bool
    edits: bool
    text_limit: int
    """Characters of one message."""
    per_second: float = 0.0
    """Messages a second to all recipients together; 0: as many as there are."""
    tip: str = ""
    """What is good to know there, for ``help``."""
    rings: bool = True
    """It is a phone that rings; False for a screen that somebody looks at anyway."""
    costs: bool = False
    """Each message costs money."""


Accept = Callable[[Inbound], Awaitable[bool]]
"""Stores an inbound event; True once it is durable and new, False if it was known already."""

Alarm = Callable[[str, str], Awaitable[None]]
"""``alarm(key, text)``: this channel is in trouble. The log and all other channels are told the
text, once for a key until ``alarm(key, "")`` says that it is over."""


class Channel(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def allowed(self) -> dict[str, str]:
        """Who may act: the provider's user id and the address notices for that person go to."""
        ...

    def pause(self, address: str) -> float:
        """Seconds that the provider wants between two messages to that address."""
        ...

    def burst(self, address: str) -> int:
        """How many messages may go there at once after a rest, if ``pause`` then holds on the
        average; 1: none but the next."""
        ...

    async def run(self, accept: Accept, alarm: Alarm) -> None:
        """Receives until cancelled. An event is acknowledged only after ``accept`` returned."""
        ...

    async def send(self, address: str, notice: Notice) -> str:
        """The provider's reference of the message; of several, separated by spaces, when it took
        more than one: the last is the card. Raises RetryLater, Rejected (Blocked), Parked or
        Unreachable."""
        ...

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        """Replaces what a message says; also raises MessageGone."""
        ...

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        """After an event of a person who may act was handled: a toast for a tap, a mark on a
        message. Best effort: nothing that the provider does is raised here.

        When ``says_enough(inbound, reply)`` no message follows, and this is the whole answer."""
        ...

    async def fetch(self, file: InboundFile) -> bytes:
        """Raises Rejected (gone, too big for the provider) or Unreachable."""
        ...


@runtime_checkable
class Gathering(Protocol):
    """A channel that may have everybody told in one place."""

    @property
    def gathering(self) -> str:
        """The address of that place; empty: people who were paired are told where they wrote."""
        ...
