"""Notices on their way out: the right chat, the right topic, one message after the other."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal, TypeVar

import structlog

from bot.channels._telegram.api import Chat
from bot.channels._telegram.entities import TEXT_LIMIT, cut, sendable
from bot.channels._telegram.faults import ChatMoved, NotModified, ThreadGone, TokenInvalid
from bot.channels._telegram.places import Places
from bot.channels._telegram.rendering import Outgoing, render, render_edit
from bot.core.errors import WingmanError
from bot.core.notices import Notice
from bot.ports.channel import MessageGone, Rejected, RetryLater
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

T = TypeVar("T")

Layout = Literal["chat", "forum", "topics"]

IN_PRIVATE, IN_A_GROUP = 1.0, 3.0
"""Seconds between two messages to one chat: 1 a second, and 20 a minute to a group (Bot FAQ)."""
BURST = 10
"""Messages to one person at once. "We may allow short bursts that go over this limit" (Bot FAQ,
no number given): the outbox keeps the plain pace once Telegram has refused one."""
WITHOUT_TOKEN = 300.0
NO_TOPICS_FOR = 600.0
"""Seconds until a topic is asked for again where there was none to be had."""
TOPIC_NAME = 128
BEGUN = 100


def pause(address: str) -> float:
    """Groups have negative ids."""
    return IN_A_GROUP if address.startswith("-") else IN_PRIVATE


def burst(address: str) -> int:
    """A group's 20 a minute are no average: whoever sends more at once may send nothing for the
    rest of the minute."""
    return 1 if address.startswith("-") else BURST


class Sending:
    def __init__(
        self, chat: Chat, places: Places, memory: Memory, clock: Clock, layout: Layout
    ) -> None:
        self._chat = chat
        self._places = places
        self._memory = memory
        self._clock = clock
        self._layout = layout
        self._opening = asyncio.Lock()
        self._without_topics: dict[str, float] = {}
        self._begun: OrderedDict[tuple[str, Notice], list[int]] = OrderedDict()
        """Notices of several messages, some of which have been sent."""
        self._last: dict[str, int] = {}
        """The newest message that went to an address."""

    async def send(self, address: str, notice: Notice) -> str:
        thread = await self._thread(address, notice.session)
        try:
            ids = await self._deliver(address, notice, thread)
        except ThreadGone:
            await self._places.forget(address, notice.session)
            await self._once(
                address,
                "topic-gone",
                f"The topic of session '{notice.session}' is gone: what goes there comes here. "
                "A new one is opened for its next message.",
            )
            ids = await self._deliver(address, notice, None)
        return " ".join(map(str, ids))

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        """The card is the last of the messages that a notice took."""
        last = message.rpartition(" ")[2]
        if not (last.isascii() and last.isdigit()):
            raise MessageGone(f"Telegram has no message {message!r}")
        thread = await self._places.thread(address, notice.session)
        content = render_edit(notice, self._prefix(address, notice, thread))

        async def change(chat: int) -> None:
            try:
                await self._chat.edit(chat, int(last), content)
            except NotModified:
                return

        await self._at(address, change)

    async def say(self, address: str, text: str) -> None:
        """Words of the channel's own, silently. Raises as ``send``."""
        message = Outgoing(cut(sendable(text), TEXT_LIMIT), silent=True)

        async def bring(chat: int) -> int:
            return await self._chat.send(chat, message, None)

        await self._at(address, bring)

    async def _deliver(self, address: str, notice: Notice, thread: int | None) -> list[int]:
        """Goes on where an earlier attempt broke off, so that no part comes twice."""
        first, *rest = render(notice, self._prefix(address, notice, thread)).messages
        messages = [replace(first, answers=self._answers(address, notice)), *rest]
        ids = self._begun.setdefault((address, notice), [])
        while len(self._begun) > BEGUN:
            self._begun.popitem(last=False)
        try:
            for message in messages[len(ids) :]:
                if ids:
                    await self._clock.sleep(pause(address))
                ids.append(await self._bring(address, message, thread))
        except Rejected:
            self._begun.pop((address, notice), None)
            raise
        self._begun.pop((address, notice), None)
        return ids

    def _answers(self, address: str, notice: Notice) -> int:
        """Named where the answer would not stand right below: in groups, where others write too,
        and when something else of ours has come in between."""
        said = int(notice.answers) if notice.answers.isdecimal() else 0
        is_group = address.startswith("-")
        return said if is_group or self._last.get(address, 0) > said else 0

    async def _bring(self, address: str, message: Outgoing, thread: int | None) -> int:
        async def bring(chat: int) -> int:
            return await self._chat.send(chat, message, thread)

        self._last[address] = sent = await self._at(address, bring)
        return sent

    async def _at(self, address: str, act: Callable[[int], Awaitable[T]]) -> T:
        """Where that address is now. Leaves only troubles that the port knows."""
        try:
            chat = await self._places.chat(address)
        except ValueError:
            raise Rejected(f"{address!r} is no chat of Telegram") from None
        try:
            try:
                return await act(chat)
            except ChatMoved as moved:
                log.warning("telegram.chat_moved", address=address, to=moved.to)
                await self._places.moved(address, moved.to)
                return await act(moved.to)
        except TokenInvalid as error:
            raise RetryLater(WITHOUT_TOKEN, f"the token is not taken: {error}") from None
        except ChatMoved as moved:
            raise Rejected(str(moved)) from None

    def _prefix(self, address: str, notice: Notice, thread: int | None) -> str:
        """The session's name, where neither the topic nor the title gives it."""
        named = not notice.session or _names(notice.title, notice.session)
        lacking = self._has_topics(address) and thread is None and not named
        return f"[{notice.session}] " if lacking else ""

    def _has_topics(self, address: str) -> bool:
        is_group = address.startswith("-")
        return {"chat": False, "forum": is_group, "topics": not is_group}[self._layout]

    async def _thread(self, address: str, session: str) -> int | None:
        """The session's topic, opened for its first message; None for the chat itself."""
        if not session or not self._has_topics(address):
            return None
        async with self._opening:
            known = await self._places.thread(address, session)
            if known is not None or self._without_topics.get(address, 0) > self._clock.monotonic():
                return known
            return await self._open(address, session)

    async def _open(self, address: str, session: str) -> int | None:
        async def open_(chat: int) -> int:
            return await self._chat.open_topic(chat, cut(sendable(session), TOPIC_NAME))

        try:
            thread = await self._at(address, open_)
        except Rejected as error:
            log.warning("telegram.no_topic", address=address, reason=str(error))
            self._without_topics[address] = self._clock.monotonic() + NO_TOPICS_FOR
            await self._once(
                address,
                "no-topics",
                f"No topic can be opened here ({error}), so all sessions come in this chat. "
                "Switch on topics: for a private chat in @BotFather (Threaded Mode), for a group "
                "in its settings, with the bot as an admin who may manage them.",
            )
            return None
        await self._places.remember(address, session, thread)
        return thread

    async def _once(self, address: str, what: str, text: str) -> None:
        """Told once per chat; that it could not be told is no reason to stop."""
        key = f"told:{what}:{address}"
        if await self._memory.get(key):
            return
        try:
            await self.say(address, text)
        except WingmanError as error:
            log.warning("telegram.not_told", what=what, reason=str(error))
            return
        await self._memory.put(key, "yes")


def _names(title: str, session: str) -> bool:
    """As a word of its own: session 'a' is not named by any title with an a in it."""
    return bool(re.search(rf"(?<![\w-]){re.escape(session)}(?![\w-])", title))
