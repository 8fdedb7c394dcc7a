"""What got lost after its provider took it is sent again, or told elsewhere."""

from __future__ import annotations

import asyncio
from itertools import permutations
from pathlib import Path

import pytest

from bot.core.fate import Fate
from bot.core.notices import NoticeKind, Urgency
from bot.core.records import OutboxRecord, Report
from bot.ports.channel import Blocked, Parked
from bot.services.receipts import TRIES
from tests.support.phone import FakePhone, ReportingPhone
from tests.support.post import ANN, BOB, Post, at_work
from tests.support.virtual import virtual
from tests.support.world import World, running

LOST = "What did not bring a message to chat-1: it did not arrive (error 63024)"


def what() -> ReportingPhone:
    return ReportingPhone("what", allowed={"1": ANN, "2": BOB})


async def _sent(post: Post, phone: FakePhone, title: str = "one", **more: object) -> str:
    """The message's reference."""
    await post.queue(title, channel=phone.id, **more)  # type: ignore[arg-type]
    await post.waits(1)
    return phone.bubbles[-1].ref


async def _report(post: Post, message: str) -> Report | None:
    async with post.store.snapshot() as tx:
        return await tx.reports.get("what", message)


async def _row(post: Post, message: str) -> OutboxRecord | None:
    async with post.store.snapshot() as tx:
        return await tx.outbox.by_message("what", message)


@virtual
async def test_what_became_of_it_never_goes_back(tmp_path: Path) -> None:
    phone = what()
    async with at_work(tmp_path, phone) as post:
        for order in permutations([Fate.SENT, Fate.DELIVERED, Fate.READ, Fate.SENT]):
            message = await _sent(post, phone)
            for fate in order:
                await phone.reports(message, fate)
            report = await _report(post, message)
            assert report is not None
            assert report.fate is Fate.READ


@virtual
async def test_one_that_did_not_arrive_goes_to_the_other_channels_once(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    async with at_work(tmp_path, phone, local) as post:
        message = await _sent(post, phone)
        for _ in range(3):
            await phone.reports(message, Fate.FAILED, "63024")
            await post.waits(1)
        assert sorted(local.titles()) == sorted(["one", LOST])
        assert [b.notice.title for b in phone.at(BOB)] == [LOST]
        assert await _row(post, message) is None


@virtual
async def test_chatter_that_did_not_arrive_is_not_told_elsewhere(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    async with at_work(tmp_path, phone, local) as post:
        message = await _sent(post, phone, urgency=Urgency.PROGRESS)
        await phone.reports(message, Fate.FAILED, "63024")
        await post.waits(1)
        assert local.titles() == [LOST]


@virtual
async def test_the_trouble_is_told_again_only_after_something_arrived(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    async with at_work(tmp_path, phone, local) as post:
        for title in ("one", "two"):
            await phone.reports(await _sent(post, phone, title), Fate.FAILED, "63024")
        assert local.titles().count(LOST) == 1
        await phone.reports(await _sent(post, phone, "three"), Fate.DELIVERED)
        await phone.reports(await _sent(post, phone, "four"), Fate.FAILED, "63024")
        await post.waits(1)
        assert local.titles().count(LOST) == 2
        assert local.titles().count("one") == local.titles().count("four") == 1
        assert "three" not in local.titles()


@virtual
async def test_being_taken_is_not_yet_an_arrival(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    phone.fails_at[ANN] = [
        Blocked("out of reach"),
    ]
    gone = "What does not reach chat-1 any more: out of reach"
    async with at_work(tmp_path, phone, local) as post:
        await post.queue("one", channel="what")
        await post.waits(1)
        message = await _sent(post, phone, "two")
        await phone.reports(message, Fate.SENT)
        phone.fails_at[ANN] = [Blocked("out of reach")]
        await post.queue("three", channel="what")
        await post.waits(1)
        assert local.titles().count(gone) == 1
        await phone.reports(message, Fate.DELIVERED)
        phone.fails_at[ANN] = [Blocked("out of reach")]
        await post.queue("four", channel="what")
        await post.waits(1)
        assert local.titles().count(gone) == 2


@virtual
async def test_a_report_may_be_faster_than_the_answer(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    phone.early = [(Fate.FAILED, "63024")]
    async with at_work(tmp_path, phone, local) as post:
        await post.queue("one", channel="what")
        await post.waits(1)
        assert sorted(local.titles()) == sorted(["one", LOST])


@virtual
async def test_one_that_bounced_is_offered_to_the_channel_again(tmp_path: Path) -> None:
    """So a channel that knows by now why may park it and send something else."""
    phone, local = what(), FakePhone("local")
    async with at_work(tmp_path, phone, local) as post:
        message = await _sent(post, phone)
        phone.fails_at[ANN] = [Parked("closed")]
        await phone.reports(message, Fate.BOUNCED, "63016")
        await post.waits(5)
        assert phone.tries == 2
        assert [row.error for row in await post.rows()] == ["closed"]
        await post.outbox.heard("what", ANN)
        await post.waits(1)
        assert phone.titles() == ["one", "one"]
        assert local.titles() == []
        await phone.reports(message, Fate.BOUNCED, "63016")
        await phone.reports(phone.bubbles[-1].ref, Fate.DELIVERED)
        await post.waits(60)
        assert phone.titles() == ["one", "one"]


@virtual
async def test_what_bounces_again_and_again_goes_elsewhere(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    phone.early = [(Fate.BOUNCED, "63018")] * 9
    async with at_work(tmp_path, phone, local) as post:
        await post.queue("one", channel="what")
        await post.waits(600)
        assert [b.notice.title for b in phone.at(ANN)] == ["one"] * TRIES
        assert "one" in local.titles()


@virtual
async def test_of_several_messages_each_one_counts(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    phone.split = 3
    async with at_work(tmp_path, phone, local) as post:
        await _sent(post, phone)
        first, second = phone.bubbles[-1].parts
        await phone.reports(first, Fate.DELIVERED)
        await phone.reports(second, Fate.FAILED, "63024")
        await phone.reports(phone.bubbles[-1].ref, Fate.FAILED, "63024")
        await post.waits(1)
        assert local.titles().count("one") == 1


@virtual
async def test_the_channels_own_messages_are_nobody_elses(tmp_path: Path) -> None:
    phone, local = what(), FakePhone("local")
    async with at_work(tmp_path, phone, local) as post:
        await phone.reports("template-1", Fate.FAILED, "63016")
        await post.waits(5)
        assert local.titles() == phone.titles() == []


@pytest.mark.parametrize("fate", [Fate.FAILED, Fate.BOUNCED])
@virtual
async def test_a_card_that_did_not_arrive_is_no_card(tmp_path: Path, fate: Fate) -> None:
    phone = what()
    phone.split = 2
    async with at_work(tmp_path, phone) as post:
        message = await _sent(post, phone, kind=NoticeKind.STATE, topic="session:shop")
        phone.slow[ANN] = asyncio.Event()
        await phone.reports(message, fate, "63016")
        async with post.store.snapshot() as tx:
            assert await tx.cards.of("session:shop") == ()
            assert await tx.cards.of("part:session:shop") == ()


@virtual
async def test_a_name_decides_only_once_the_card_has_arrived(tmp_path: Path) -> None:
    phone = ReportingPhone()
    async with running(World(tmp_path, phone=phone)) as world:
        pane, card = await world.asked()
        await phone.reports(card.ref, Fate.SENT)
        said = await world.hears("approve shop")
        assert "you have not been sent yet" in said.text
        assert pane.agent.keys == []
        await phone.reports(card.ref, Fate.DELIVERED)
        await world.hears("approve shop")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_where_nothing_is_told_of_a_card_a_name_decides(tmp_path: Path) -> None:
    async with running(World(tmp_path, phone=ReportingPhone())) as world:
        pane, _ = await world.asked()
        await world.hears("approve shop")
        assert pane.agent.keys == [b"\r"]
