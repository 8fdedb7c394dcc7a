"""A message that may have arrived is looked for before it goes out again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels._whatsapp.api import Message
from bot.channels._whatsapp.doubts import DOUBTS_KEPT, Doubts
from bot.channels._whatsapp.faults import Doubtful
from bot.core.errors import WingmanError
from bot.ports.channel import Unreachable
from tests.channels._whatsapp.rig import TEMPLATE, FakeApi, FakeMemory
from tests.channels._whatsapp.samples import ANN, SENDER, sid
from tests.support.clock import FakeClock

HELLO = Message(f"whatsapp:{ANN}", body="hello  world ")


class Rig:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.api = FakeApi(self.clock)
        self.memory = FakeMemory()
        self.doubts = self.again()

    def again(self) -> Doubts:
        return Doubts(self.api, SENDER, self.memory, self.clock)

    async def sends(self, message: Message = HELLO) -> str:
        """With time for the list."""

        async def attempt() -> str | WingmanError:
            try:
                return await self.doubts.settled(message) or await self.doubts.trying(message)
            except WingmanError as error:
                return error

        async with asyncio.TaskGroup() as group:
            job = group.create_task(attempt())
            await self.clock.advance(5)
        ended = job.result()
        if isinstance(ended, WingmanError):
            raise ended
        return ended


async def test_without_a_doubt_nothing_is_looked_for() -> None:
    rig = Rig()
    assert await rig.sends() == sid(1000)
    assert await rig.sends() == sid(1001)
    assert rig.api.calls == ["send", "send"]


async def test_what_arrived_is_not_sent_again() -> None:
    rig = Rig()
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    await rig.clock.advance(2)
    assert await rig.sends() == sid(1000)
    assert len(rig.api.sent) == 1


async def test_also_after_a_restart() -> None:
    rig = Rig()
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    rig.doubts = rig.again()
    assert await rig.sends() == sid(1000)
    assert len(rig.api.sent) == 1


async def test_what_did_not_arrive_is_sent() -> None:
    rig = Rig()
    rig.api.fails["send"] = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    assert await rig.sends() == sid(1000)


async def test_the_same_words_of_a_minute_ago_are_another_message() -> None:
    rig = Rig()
    assert await rig.sends() == sid(1000)
    await rig.clock.advance(30)
    rig.api.fails["send"] = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    assert await rig.sends() == sid(1001)
    assert len(rig.api.sent) == 2


async def test_as_long_as_nobody_can_look_nothing_is_sent() -> None:
    rig = Rig()
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    rig.api.fails["listing"] = [Unreachable("no network")]
    with pytest.raises(Unreachable):
        await rig.sends()
    assert await rig.sends() == sid(1000)
    assert len(rig.api.sent) == 1


async def test_one_that_failed_at_twilio_has_not_arrived() -> None:
    rig = Rig()
    rig.api.fails["send"] = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    rig.api.lists("hello world", sid=sid(7), outbound=True, status="failed", error=63016)
    assert await rig.sends() == sid(1000)


async def test_an_old_doubt_is_none() -> None:
    rig = Rig()
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends()
    await rig.clock.advance((DOUBTS_KEPT + timedelta(minutes=1)).total_seconds())
    assert await rig.sends() == sid(1001)


async def test_a_template_is_known_by_what_was_filled_in() -> None:
    rig = Rig()
    waits = Message(f"whatsapp:{ANN}", content=TEMPLATE, variables={"1": "2 sessions wait"})
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.sends(waits)
    assert await rig.sends(waits) == sid(1000)
    assert len(rig.api.sent) == 1


async def test_the_list_is_given_a_moment() -> None:
    rig = Rig()
    rig.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await rig.doubts.trying(HELLO)
    late = rig.api.messages.pop()
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(rig.doubts.settled(HELLO))
        await rig.clock.advance(2)
        rig.api.messages.append(late)
        await rig.clock.advance(2)
    assert looking.result() == sid(1000)
