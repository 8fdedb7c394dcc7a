"""Stand-ins for what Telegram's channel is built on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.channels._telegram.api import Hook
from bot.channels._telegram.rendering import Outgoing
from bot.channels._telegram.updates import Me
from bot.core.decisions import Inbound
from bot.core.errors import WingmanError
from tests.channels._telegram.samples import ME
from tests.support.clock import settle


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
    def raised(self) -> list[str]:
        return [key for key, text in self.alarms if text]

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.taken]


@dataclass
class FakeApi:
    """``script``: what the next calls of ``updates`` give or raise; then ``Exhausted``."""

    script: list[list[Any] | Exception] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    hooks: list[Hook | Exception] = field(default_factory=list)
    """What the next calls of ``hook`` give; the last one stays."""
    bot: Me = ME
    ahead: timedelta = timedelta()
    mes: list[Exception] = field(default_factory=list)
    set: list[tuple[str, str]] = field(default_factory=list)
    dropped: int = 0
    commands: dict[int | None, list[tuple[str, str]]] = field(default_factory=dict)
    refuses: dict[str, WingmanError] = field(default_factory=dict)
    """By the name of the method."""
    takes: float = 0.0
    is_admin: bool = True

    async def me(self) -> Me:
        if self.mes:
            raise self.mes.pop(0)
        return self.bot

    async def updates(self, offset: int | None, wait: float) -> Sequence[Any]:
        self.offsets.append(offset)
        if not self.script:
            raise Exhausted
        found = self.script.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def hook(self) -> Hook:
        found = self.hooks.pop(0) if len(self.hooks) > 1 else (self.hooks or [Hook("")])[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def set_hook(self, url: str, secret: str) -> None:
        self.set.append((url, secret))
        self.hooks = [Hook(url)]

    async def drop_hook(self) -> None:
        self.dropped += 1
        self.hooks = [Hook("")]

    async def leads(self, chat: int, bot: int) -> bool:
        if "leads" in self.refuses:
            raise self.refuses["leads"]
        return self.is_admin

    async def set_commands(self, chat: int | None, commands: Sequence[tuple[str, str]]) -> None:
        if "set_commands" in self.refuses:
            raise self.refuses["set_commands"]
        self.commands[chat] = list(commands)


class Exhausted(BaseException):
    """The script is over."""


@dataclass
class FakeChat:
    """``fails``: raised by the next calls of a method, one each."""

    sent: list[tuple[int, int | None, Outgoing]] = field(default_factory=list)
    """Chat, thread and message."""
    edited: list[tuple[int, int, Outgoing]] = field(default_factory=list)
    toasts: list[tuple[str, str, bool]] = field(default_factory=list)
    reactions: list[tuple[int, int, str]] = field(default_factory=list)
    topics: list[tuple[int, str]] = field(default_factory=list)
    fails: dict[str, list[WingmanError | None]] = field(default_factory=dict)

    async def send(self, chat: int, message: Outgoing, thread: int | None) -> int:
        self._trouble("send")
        self.sent.append((chat, thread, message))
        return 100 + len(self.sent)

    async def edit(self, chat: int, message: int, content: Outgoing) -> None:
        self._trouble("edit")
        self.edited.append((chat, message, content))

    async def toast(self, tap: str, text: str, *, alert: bool) -> None:
        self._trouble("toast")
        self.toasts.append((tap, text, alert))

    async def react(self, chat: int, message: int, emoji: str) -> None:
        self._trouble("react")
        self.reactions.append((chat, message, emoji))

    async def open_topic(self, chat: int, name: str) -> int:
        self._trouble("open_topic")
        await settle(1)
        self.topics.append((chat, name))
        return 10 * len(self.topics)

    async def download(self, ref: str) -> bytes:
        self._trouble("download")
        return ref.encode()

    def _trouble(self, method: str) -> None:
        waiting = self.fails.get(method)
        error = waiting.pop(0) if waiting else None
        if error is not None:
            raise error

    @property
    def texts(self) -> list[str]:
        return [message.text for _, _, message in self.sent]
