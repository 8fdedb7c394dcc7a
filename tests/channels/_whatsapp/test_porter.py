"""At a closed window: one template for all that waits, and a warning before it closes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels._whatsapp.faults import ContentRefused
from bot.channels._whatsapp.porter import AGAIN, GATHER, STANDS
from bot.core.notices import Notice
from bot.ports.channel import Parked, Unreachable
from tests.channels._whatsapp.cards import CARD, CLOSED, WORDS
from tests.channels._whatsapp.rig import TEMPLATE, FakeMemory, Parts
from tests.channels._whatsapp.samples import ANN

DOCS = replace(CARD, session="docs", code="m2p4")
HOUR = 3600.0


async def closed(template: str = TEMPLATE) -> Parts:
    parts = Parts(template=template)
    parts.windows.look_done()
    return parts


async def offer(parts: Parts, *notices: Notice) -> None:
    for notice in notices:
        with pytest.raises(Parked):
            await parts.sending.send(ANN, notice)


async def rounds(parts: Parts, seconds: float) -> None:
    for _ in range(int(seconds // 5)):
        await parts.clock.advance(5)
        await parts.porter.round(parts.sending.announce)
        await parts.porter.warn(parts.sending.waiting, parts.sending.say)


async def test_two_sessions_are_one_template() -> None:
    parts = await closed()
    await offer(parts, CARD, DOCS)
    await rounds(parts, 30)
    (message,) = parts.api.sent
    assert message.content == TEMPLATE
    assert message.variables == {"1": "2 sessions wait for you: shop, docs"}


async def test_a_little_time_is_given_to_the_second() -> None:
    parts = await closed()
    await offer(parts, CARD)
    await rounds(parts, 5)
    assert parts.api.sent == []
    await offer(parts, DOCS)
    await rounds(parts, GATHER.total_seconds())
    assert len(parts.api.sent) == 1


async def test_more_that_waits_is_not_told_at_once() -> None:
    parts = await closed()
    await offer(parts, CARD)
    await rounds(parts, 60)
    await offer(parts, DOCS)
    await rounds(parts, 60)
    assert len(parts.api.sent) == 1
    await parts.clock.advance(AGAIN.total_seconds())
    await offer(parts, CARD, DOCS)
    await rounds(parts, 30)
    assert len(parts.api.sent) == 2


async def test_what_was_settled_meanwhile_is_not_counted() -> None:
    parts = await closed()
    await offer(parts, CARD)
    await parts.clock.advance(STANDS.total_seconds())
    await offer(parts, DOCS)
    await rounds(parts, 30)
    assert [m.variables for m in parts.api.sent] == [{"1": "1 session waits for you: docs"}]


async def test_chatter_is_worth_no_template() -> None:
    parts = await closed()
    await offer(parts, WORDS)
    await rounds(parts, 60)
    assert parts.api.sent == []


async def test_who_writes_starts_anew() -> None:
    parts = await closed()
    await offer(parts, CARD)
    await rounds(parts, 30)
    await parts.windows.heard(ANN, parts.clock.now())
    await parts.porter.heard(ANN)
    await rounds(parts, 60)
    assert len(parts.api.sent) == 1
    await parts.windows.shut(ANN, parts.clock.now())
    await offer(parts, CARD)
    await rounds(parts, 30)
    assert len(parts.api.sent) == 2


async def test_a_restart_costs_no_second_template() -> None:
    memory = FakeMemory()
    parts = Parts(memory=memory)
    parts.windows.look_done()
    await offer(parts, CARD)
    await rounds(parts, 30)
    again = Parts(memory=memory)
    again.windows.look_done()
    await offer(again, CARD)
    await rounds(again, 30)
    assert again.api.sent == []


async def test_without_a_template_the_others_are_told_what_to_do() -> None:
    parts = await closed(template="")
    await offer(parts, CARD)
    await rounds(parts, 60)
    assert parts.api.sent == []
    line = parts.desk.standing[f"window:{ANN}"]
    assert ANN in line
    assert "WINGMAN_WHATSAPP__TEMPLATE_SID" in line
    await parts.porter.heard(ANN)
    assert parts.desk.standing == {}


async def test_a_template_that_is_not_taken_is_told() -> None:
    parts = await closed()
    parts.api.fails["send"] = [ContentRefused("21655")]
    await offer(parts, CARD)
    await rounds(parts, 60)
    assert "21655" in parts.desk.standing[f"window:{ANN}"]


async def test_no_line_is_tried_again_later_and_breaks_nothing() -> None:
    parts = await closed()
    parts.api.fails["send"] = [Unreachable("no network")]
    await offer(parts, CARD)
    await rounds(parts, 60)
    assert parts.desk.standing == {}


async def test_before_it_closes_whoever_has_something_waiting_is_warned_once() -> None:
    parts = Parts()
    await parts.open()
    await parts.sending.send(ANN, CARD)
    await parts.clock.advance(22 * HOUR)
    await rounds(parts, 60)
    assert len(parts.api.sent) == 1
    await parts.clock.advance(HOUR)
    await rounds(parts, 60)
    assert "1 session waits for you: shop" in parts.api.texts[1]
    assert "44 more minutes only" in parts.api.texts[1]
    assert len(parts.api.sent) == 2


async def test_if_nothing_waits_nobody_is_bothered() -> None:
    parts = Parts()
    await parts.open()
    await parts.sending.send(ANN, CARD)
    await parts.sending.send(ANN, CLOSED)
    await parts.clock.advance(23 * HOUR)
    await rounds(parts, 60)
    assert len(parts.api.sent) == 2
