"""Rounds that nothing ends."""

from __future__ import annotations

import asyncio

from bot.channels._whatsapp.faults import AccountRefused
from bot.channels._whatsapp.receiving import REFUSED_AGAIN, Receiver, Voice
from bot.core.errors import StoreUnusable
from bot.ports.channel import RetryLater, Unreachable
from tests.channels._whatsapp.rig import Desk, Parts


class Rounds:
    """``fails``: raised by the next rounds."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.fails: list[Exception] = []
        self.at: list[float] = []

    async def look(self) -> None:
        self.at.append(self.parts.clock.monotonic())
        if self.fails:
            raise self.fails.pop(0)

    async def passes(self, seconds: float) -> None:
        parts = self.parts
        receiver = Receiver(self.look, 3, parts.outcomes, parts.desk.alarm, parts.clock)
        async with asyncio.TaskGroup() as group:
            job = group.create_task(receiver.run())
            await parts.clock.advance(seconds)
            job.cancel()


async def test_it_looks_every_few_seconds() -> None:
    rounds = Rounds(Parts())
    await rounds.passes(10)
    assert rounds.at == [0, 3, 6, 9]


async def test_without_a_line_it_tries_ever_more_rarely_and_tells_after_a_while() -> None:
    rounds = Rounds(Parts())
    rounds.fails = [Unreachable("no network") for _ in range(9)]
    await rounds.passes(119)
    assert rounds.at == [0, 1, 3, 7, 15, 31, 61, 91]
    assert rounds.parts.desk.standing == {}
    rounds = Rounds(Parts())
    rounds.fails = [Unreachable("no network") for _ in range(9)]
    await rounds.passes(122)
    assert "for 2 minutes" in rounds.parts.desk.standing["unreachable"]


async def test_what_is_over_is_cleared() -> None:
    rounds = Rounds(Parts())
    rounds.fails = [AccountRefused("20003")]
    await rounds.passes(REFUSED_AGAIN - 1)
    assert rounds.at == [0]
    assert "__AUTH_TOKEN" in rounds.parts.desk.standing["account"]
    rounds.at.clear()
    await rounds.passes(1)
    assert rounds.parts.desk.standing == {}


async def test_patience_is_kept() -> None:
    rounds = Rounds(Parts())
    rounds.fails = [RetryLater(40, "429")]
    await rounds.passes(41)
    assert rounds.at == [0, 40]


async def test_a_full_disk_ends_nothing() -> None:
    rounds = Rounds(Parts())
    rounds.fails = [StoreUnusable("full")]
    await rounds.passes(2)
    assert rounds.at == [0, 1]


async def test_an_alarm_never_fails_and_may_come_too_early() -> None:
    voice = Voice()
    await voice.tell("key", "before anybody listens")
    desk = Desk()
    voice.begin(desk.alarm)
    await voice.tell("key", "text")
    assert desk.standing == {"key": "text"}

    async def broken(key: str, text: str) -> None:
        raise StoreUnusable("locked")

    voice.begin(broken)
    await voice.tell("key", "")
