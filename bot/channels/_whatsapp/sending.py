"""Notices on their way out: inside the window, one message after the other, none of them twice."""

from __future__ import annotations

from collections import OrderedDict

import structlog

from bot.channels._whatsapp.api import Api, Message
from bot.channels._whatsapp.contents import fill
from bot.channels._whatsapp.definitions import Definitions
from bot.channels._whatsapp.doubts import Doubts
from bot.channels._whatsapp.faults import (
    AccountRefused,
    ContentRefused,
    Doubtful,
    NotJoined,
    NotVerified,
    SenderRefused,
    ValuesRefused,
    WindowClosed,
)
from bot.channels._whatsapp.inbound import PREFIX
from bot.channels._whatsapp.memories import Bill, Offers, Waiting
from bot.channels._whatsapp.outcomes import Outcomes
from bot.channels._whatsapp.porter import Porter
from bot.channels._whatsapp.rendering import Outgoing, render, worded
from bot.channels._whatsapp.window import State, Windows
from bot.core.notices import Notice, NoticeKind
from bot.ports.channel import Blocked, Parked, Rejected, RetryLater
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

SANDBOX = "whatsapp:+14155238886"
IN_SANDBOX, IN_PRIVATE = 3.0, 1.0
"""Seconds between two messages to one person: the sandbox takes one in three seconds."""
AGAIN = 300.0
UNTIL_LOOKED = 1.0
BEGUN = 100
SAME_WORDS_FOR = 600.0

_ASKING = frozenset({NoticeKind.PROMPT, NoticeKind.REMINDER})


def pause(sender: str) -> float:
    return IN_SANDBOX if sender == SANDBOX else IN_PRIVATE


class Sending:
    def __init__(
        self,
        api: Api,
        sender: str,
        memory: Memory,
        clock: Clock,
        windows: Windows,
        offers: Offers,
        porter: Porter,
        outcomes: Outcomes,
    ) -> None:
        self._api = api
        self._sender = sender
        self._clock = clock
        self._windows = windows
        self._offers = offers
        self._porter = porter
        self._outcomes = outcomes
        self._waiting = Waiting(memory)
        self._definitions = Definitions(api, memory, clock)
        self._doubts = Doubts(api, sender, memory, clock)
        self._bill = Bill(memory)
        self._begun: OrderedDict[tuple[str, Notice], list[str]] = OrderedDict()
        """Notices of several messages, some of which have been sent."""
        self._said: OrderedDict[tuple[str, str, str], tuple[NoticeKind, str, float]] = (
            OrderedDict()
        )

    async def send(self, address: str, notice: Notice) -> str:
        said = self._said_already(address, notice)
        if said:
            await self._note(address, notice)
            return said
        await self._only_if_open(address, notice)
        sids = " ".join(await self._deliver(address, notice))
        await self._note(address, notice)
        key = (address, notice.code, notice.title)
        self._said[key] = (notice.kind, sids, self._clock.monotonic())
        while len(self._said) > BEGUN:
            self._said.popitem(last=False)
        return sids

    async def say(self, address: str, text: str) -> str:
        """Words of the channel's own."""
        return await self._sent(address, Message(PREFIX + address, body=text))

    async def announce(self, address: str, template: str, words: str) -> str:
        """The approved template, which arrives at any time."""
        message = Message(PREFIX + address, content=template, variables={"1": words})
        return await self._sent(address, message, is_template=True)

    async def recall(self) -> None:
        """How many were sent this month, by an earlier life."""
        await self._bill.of(self._clock.now())

    @property
    def billed(self) -> int | None:
        """Messages of this month; None while that is not known."""
        return self._bill.known(self._clock.now())

    async def waiting(self, address: str) -> list[str]:
        return await self._waiting.sessions(address)

    def _said_already(self, address: str, notice: Notice) -> str:
        """The reply to a decision and the closing of its card say the same: one is enough, as no
        card changes by itself here. What was answered elsewhere has no reply."""
        found = self._said.get((address, notice.code, notice.title))
        if found is None or not notice.code:
            return ""
        kind, sids, at = found
        pair = {kind, notice.kind} == {NoticeKind.REPLY, NoticeKind.CLOSED}
        return sids if pair and self._clock.monotonic() - at < SAME_WORDS_FOR else ""

    async def _note(self, address: str, notice: Notice) -> None:
        if notice.kind in _ASKING and notice.code:
            await self._waiting.add(address, notice.code, notice.session)
        if notice.kind is NoticeKind.CLOSED and notice.code:
            await self._waiting.settled(address, notice.code)

    async def _only_if_open(self, address: str, notice: Notice) -> None:
        if not self._windows.looked:
            raise RetryLater(UNTIL_LOOKED, "who has written to us is not known yet")
        window = await self._windows.of(address)
        if window.state(self._clock.now()) is State.CLOSED:
            await self._porter.park(address, notice)
            raise Parked("the 24-hour window of WhatsApp is closed")

    async def _deliver(self, address: str, notice: Notice) -> list[str]:
        """Goes on where an earlier attempt broke off, so that no part comes twice."""
        sids = self._begun.setdefault((address, notice), [])
        while len(self._begun) > BEGUN:
            self._begun.popitem(last=False)
        try:
            await self._rest(address, notice, sids)
        except (RetryLater, Doubtful):
            raise
        except WindowClosed:
            self._begun.pop((address, notice), None)
            await self._windows.shut(address, self._clock.now())
            await self._porter.park(address, notice)
            raise Parked("the 24-hour window of WhatsApp is closed") from None
        except Rejected:
            self._begun.pop((address, notice), None)
            raise
        self._begun.pop((address, notice), None)
        return sids

    async def _rest(self, address: str, notice: Notice, sids: list[str]) -> None:
        for message in render(notice)[len(sids) :]:
            if sids:
                await self._clock.sleep(pause(self._sender))
            sids.append(await self._bring(address, message, notice))

    async def _bring(self, address: str, message: Outgoing, notice: Notice) -> str:
        if message.keys.keys and self._definitions.usable:
            try:
                return await self._bring_keys(address, message)
            except ContentRefused as error:
                log.warning("whatsapp.no_buttons", reason=str(error))
                if not isinstance(error, ValuesRefused):
                    await self._definitions.fail()
        text = worded(message, notice) if message.keys.keys else message
        try:
            return await self._sent(address, Message(PREFIX + address, body=text.text))
        except ContentRefused as error:
            raise Rejected(str(error)) from None

    async def _bring_keys(self, address: str, message: Outgoing) -> str:
        filled = fill(message)
        content = await self._definitions.sid(filled.content)
        sid = await self._sent(
            address, Message(PREFIX + address, message.text, content, filled.variables)
        )
        await self._offers.remember(address, message.keys, sid)
        return sid

    async def _sent(self, address: str, message: Message, *, is_template: bool = False) -> str:
        """Leaves only troubles that the port knows, and ContentRefused and WindowClosed."""
        try:
            sid = await self._doubts.settled(message) or await self._doubts.trying(message)
        except (AccountRefused, SenderRefused) as error:
            await self._outcomes.refused(error)
            raise RetryLater(AGAIN, str(error)) from None
        except NotJoined as error:
            await self._outcomes.refused(error, address)
            raise Blocked(f"the sandbox was left or its three days are over: {error}") from None
        except NotVerified as error:
            await self._outcomes.refused(error, address)
            raise Blocked(f"the number is not verified: {error}") from None
        await self._outcomes.sent(address, sid, is_template=is_template)
        await self._bill.add(self._clock.now())
        return sid
