"""Delivery in order, at the recipient's pace, and never at the cost of another's."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.notices import Urgency
from bot.core.records import Delivery
from bot.ports.channel import Capabilities, Offline, Parked, Rejected, RetryLater, Unreachable
from tests.support.phone import FakePhone
from tests.support.post import ANN, BOB, Post, at_work, sent, two_people
from tests.support.virtual import virtual


@virtual
async def test_what_is_urgent_overtakes_and_equals_keep_their_order(tmp_path: Path) -> None:
    phone = two_people()
    async with sent(tmp_path, phone) as post:
        await post.queue("50 %", urgency=Urgency.PROGRESS)
        await post.queue("done", urgency=Urgency.DONE)
        await post.queue("help a", urgency=Urgency.HELP)
        await post.waits(1)
        await post.queue("help b", urgency=Urgency.HELP)
        await post.queue("approve?", urgency=Urgency.APPROVAL)
    assert phone.titles() == ["approve?", "help a", "help b", "done", "50 %"]


@virtual
async def test_a_provider_that_asks_for_patience_pauses_that_recipient_only(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(35, "429")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.queue("a2")
        await post.queue("b1", BOB)
        await post.waits(30)
        assert phone.titles() == ["b1"]
        await post.waits(6)
        assert phone.titles() == ["b1", "a1", "a2"]


@virtual
async def test_while_one_pauses_what_is_urgent_still_goes_first_afterwards(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(10, "429")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("chatter", urgency=Urgency.PROGRESS)
        await post.waits(1)
        await post.queue("approve?", urgency=Urgency.APPROVAL)
        await post.waits(15)
    assert phone.titles() == ["approve?", "chatter"]


@virtual
async def test_a_recipient_with_hundreds_of_rows_starves_nobody(tmp_path: Path) -> None:
    phone, other = two_people(), two_people("other")
    phone.fails_at[ANN] = [RetryLater(3600, "429")]
    async with at_work(tmp_path, phone, other) as post:
        for number in range(120):
            await post.queue(f"a{number}", urgency=Urgency.APPROVAL)
        await post.queue("b", BOB, urgency=Urgency.PROGRESS)
        await post.queue("c", BOB, urgency=Urgency.PROGRESS, channel="other")
        await post.waits(5)
    assert phone.titles() == ["b"]
    assert other.titles() == ["c"]


@virtual
async def test_a_send_that_takes_long_holds_up_nobody_else(tmp_path: Path) -> None:
    phone = two_people()
    phone.slow[ANN] = asyncio.Event()
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.queue("a2")
        await post.waits(1)
        await post.queue("b1", BOB)
        await post.waits(1)
        assert phone.titles() == ["b1"]
        assert phone.tries == 2
        phone.slow[ANN].set()
        await post.waits(1)
        assert phone.titles() == ["b1", "a1", "a2"]


@virtual
@pytest.mark.parametrize("kind", [Unreachable, Offline])
async def test_who_cannot_be_reached_is_tried_ever_more_rarely(
    tmp_path: Path, kind: type[Unreachable]
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [kind("no network") for _ in range(9)]
    tried: list[float] = []
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        for second in range(260):
            if phone.tries > len(tried):
                tried.append(second)
            await post.waits(1)
    pauses = [b - a for a, b in pairwise(tried)]
    assert [round(pause) for pause in pauses[:6]] == [1, 2, 4, 8, 16, 32]
    assert max(pauses) <= 61
    assert phone.titles() == ["a1"]


@virtual
async def test_a_message_the_provider_rejects_comes_in_plain_words_and_holds_up_nothing(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Rejected("400 too long")]
    with capture_logs() as logs:
        async with at_work(tmp_path, phone) as post:
            await post.queue("bad")
            await post.queue("good")
            await post.waits(100)
    assert phone.titles() == ["good", "bad"]
    assert "Fake did not take them (400 too long)" in phone.bubbles[1].text
    assert phone.tries == 3
    assert [e["reason"] for e in logs if e["event"] == "outbox.rejected"] == ["400 too long"]


@virtual
async def test_a_message_that_breaks_its_channel_comes_in_plain_words_after_three_tries(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [KeyError("style")] * 3
    async with at_work(tmp_path, phone) as post:
        await post.queue("poison")
        await post.queue("good")
        await post.waits(100)
    assert phone.titles() == ["good", "poison"]
    assert phone.tries == 5


@virtual
async def test_messages_to_one_person_keep_the_channels_pace(tmp_path: Path) -> None:
    phone = two_people(pause=1.0)
    async with at_work(tmp_path, phone) as post:
        for title in ("a1", "a2", "a3"):
            await post.queue(title)
        await post.queue("b1", BOB)
        await post.waits(0.5)
        assert sorted(phone.titles()) == ["a1", "b1"]
        await post.waits(1.0)
        assert len(phone.titles()) == 3
        await post.waits(1.0)
        assert len(phone.titles()) == 4


@virtual
async def test_after_a_rest_some_go_at_once_and_then_the_pace_holds(tmp_path: Path) -> None:
    phone = two_people(pause=1.0)
    phone.bursts = {ANN: 4}
    async with at_work(tmp_path, phone) as post:
        for number in range(7):
            await post.queue(f"{number}")
        await post.waits(0.5)
        assert len(phone.titles()) == 4
        await post.waits(1.0)
        assert len(phone.titles()) == 5
        await post.waits(2.0)
        assert len(phone.titles()) == 7


@virtual
async def test_what_can_wait_leaves_room_for_what_is_urgent(tmp_path: Path) -> None:
    phone = two_people(pause=1.0)
    phone.bursts = {ANN: 4}
    async with at_work(tmp_path, phone) as post:
        for number in range(2):
            await post.queue(f"{number}")
        await post.queue("card", topic="t")
        await post.waits(0.1)
        await post.queue("closed", topic="t", delivery=Delivery.LATEST)
        await post.queue("ask", urgency=Urgency.DONE)
        await post.waits(0.1)
        assert phone.titles() == ["0", "1", "card", "ask"]
        await post.waits(4)
        assert phone.titles()[-1] == "closed"


@virtual
async def test_who_was_told_to_be_patient_gets_no_more_bursts(tmp_path: Path) -> None:
    phone = two_people(pause=1.0)
    phone.bursts = {ANN: 4}
    phone.fails_at[ANN] = [RetryLater(5, "429")]
    async with at_work(tmp_path, phone) as post:
        for number in range(4):
            await post.queue(f"{number}")
        await post.waits(5.5)
        assert phone.titles() == ["0"]
        await post.waits(1)
        assert phone.titles() == ["0", "1"]
        await post.waits(700)
        for number in range(4, 8):
            await post.queue(f"{number}")
        await post.waits(0.5)
        assert len(phone.titles()) == 8


@virtual
async def test_all_recipients_together_keep_the_channels_limit(tmp_path: Path) -> None:
    abilities = Capabilities(buttons=True, edits=True, text_limit=4096, per_second=2)
    phone = FakePhone(capabilities=abilities, allowed={"1": ANN, "2": BOB})
    async with at_work(tmp_path, phone) as post:
        for number in range(6):
            await post.queue(f"{number}", f"chat-{number}")
        await post.waits(0.1)
        assert len(phone.titles()) == 1
        await post.waits(1.0)
        assert len(phone.titles()) == 3
        await post.waits(1.5)
        assert len(phone.titles()) == 6


@virtual
async def test_a_notice_of_several_messages_counts_as_many(tmp_path: Path) -> None:
    abilities = Capabilities(buttons=True, edits=True, text_limit=4096, per_second=1)
    phone = FakePhone(capabilities=abilities, split=3, pauses={ANN: 10})
    async with at_work(tmp_path, phone) as post:
        for title, to in (("a1", ANN), ("b1", BOB), ("a2", ANN)):
            await post.queue(title, to)
        await post.waits(2.5)
        assert phone.titles() == ["a1"]
        await post.waits(1)
        assert phone.titles() == ["a1", "b1"]
        await post.waits(26)
        assert phone.titles() == ["a1", "b1"]
        await post.waits(2)
        assert phone.titles() == ["a1", "b1", "a2"]


@virtual
async def test_after_a_day_it_is_given_up_aloud(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(3600, "no network") for _ in range(50)]
    with capture_logs() as logs:
        async with at_work(tmp_path, phone) as post:
            await post.queue("a1")
            await post.waits(24 * 3600 + 120)
            assert await post.rows() == []
            tries = phone.tries
            await post.waits(3600)
    assert phone.tries == tries
    (given_up,) = [entry for entry in logs if entry["event"] == "outbox.given_up"]
    assert given_up["last"] == "no network"
    assert given_up["log_level"] == "error"


@virtual
async def test_a_thousand_attempts_are_no_different_from_ten(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Unreachable("no network")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1", attempts=2000)
        await post.waits(61)
    assert phone.titles() == ["a1"]


@virtual
async def test_what_was_being_sent_when_the_program_ended_is_sent_again(tmp_path: Path) -> None:
    phone = two_people()
    phone.slow[ANN] = asyncio.Event()
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.waits(1)
        assert await post.rows() == []
    phone.slow.clear()
    async with at_work(tmp_path, phone) as post:
        await post.waits(1)
    assert phone.titles() == ["a1"]


@virtual
async def test_nothing_is_sent_twice_in_an_ordinary_life(tmp_path: Path) -> None:
    phone = two_people()
    for _ in range(2):
        async with at_work(tmp_path, phone) as post:
            if not phone.bubbles:
                for number in range(20):
                    await post.queue(f"{number}", ANN if number % 2 else BOB)
            await post.waits(5)
    assert sorted(phone.titles(), key=int) == [str(number) for number in range(20)]


@virtual
async def test_what_is_parked_waits_for_that_persons_words_and_blocks_nothing(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Parked("closed") for _ in range(3)]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.queue("a2")
        await post.queue("b1", BOB)
        await post.waits(60)
        assert phone.titles() == ["b1"]
        assert phone.tries == 3
        await post.outbox.heard("fake", BOB)
        await post.waits(1)
        assert phone.tries == 3
        await post.queue("reply", urgency=Urgency.APPROVAL)
        await post.waits(1)
        await post.outbox.heard("fake", ANN)
        await post.waits(1)
    assert phone.titles() == ["b1", "reply", "a1", "a2"]


@virtual
async def test_after_a_restart_it_still_waits_for_them(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Parked("closed")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.waits(1)
        again = Post(post.store, phone)
        await again.outbox.recover()
        async with asyncio.TaskGroup() as group:
            loop = group.create_task(again.outbox.run(phone))
            await post.waits(60)
            assert phone.titles() == []
            await again.outbox.heard("fake", ANN)
            await post.waits(1)
            loop.cancel()
    assert phone.titles() == ["a1"]


@virtual
async def test_it_is_offered_again_now_and_then_and_costs_no_attempt(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Parked("closed") for _ in range(5)]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.waits(16 * 60)
        assert phone.tries == 2
        (row,) = await post.rows()
        assert row.attempts == 0
        assert row.error == "closed"
