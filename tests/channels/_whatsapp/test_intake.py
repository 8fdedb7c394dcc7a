"""Whoever writes opens the window, and sees that an answer is coming."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.channels._whatsapp.intake import ANNOUNCED, Intake
from bot.channels._whatsapp.window import State
from bot.core.decisions import Inbound
from bot.core.errors import StoreUnusable
from bot.core.ids import EventId
from bot.ports.channel import Unreachable
from tests.channels._whatsapp.rig import Parts
from tests.channels._whatsapp.samples import ANN, BOB, sid
from tests.support.clock import settle

SAID = Inbound("whatsapp", EventId(sid(1)), ANN, "Ann", ANN, "status", receipt=sid(1))


def intake(parts: Parts) -> Intake:
    return Intake(parts.api, parts.windows, parts.porter, parts.desk.accept)


async def announced(made: Intake) -> None:
    async with asyncio.TaskGroup() as group:
        job = group.create_task(made.announce())
        await settle()
        job.cancel()


async def test_a_message_opens_the_window_before_it_is_stored() -> None:
    parts = Parts()
    parts.desk.fails = [StoreUnusable("locked")]
    with pytest.raises(StoreUnusable):
        await intake(parts).take(SAID, parts.clock.now())
    assert (await parts.windows.of(ANN)).state(parts.clock.now()) is State.OPEN


async def test_the_answer_is_announced_once() -> None:
    parts = Parts()
    made = intake(parts)
    assert await made.take(SAID, parts.clock.now())
    assert not await made.take(SAID, parts.clock.now())
    await announced(made)
    assert parts.api.typed == [sid(1)]


async def test_of_a_stranger_nothing_is_kept_and_nothing_shown() -> None:
    parts = Parts()
    made = intake(parts)
    assert await made.take(replace(SAID, user=BOB, address=BOB), parts.clock.now())
    await announced(made)
    assert parts.memory.kept == {}
    assert parts.api.typed == []


async def test_an_announcement_that_fails_or_finds_no_room_harms_nothing() -> None:
    parts = Parts()
    made = intake(parts)
    parts.api.fails["typing"] = [Unreachable("no network")]
    for number in range(ANNOUNCED + 5):
        event = EventId(sid(number))
        assert await made.take(replace(SAID, event=event, receipt=event), parts.clock.now())
    await announced(made)
    assert len(parts.api.typed) == ANNOUNCED - 1
