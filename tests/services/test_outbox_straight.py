"""What may go at once is written as being sent already: nobody has to look for it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path

from bot.core.records import Delivery, OutboxState
from bot.services.outbox import AT_HAND
from tests.support.phone import FakePhone
from tests.support.post import ANN, BOB, Post, at_work, two_people
from tests.support.virtual import virtual


async def at_rest(post: Post) -> None:
    """The outbox has looked, and found nothing."""
    await post.waits(1)


@virtual
async def test_it_goes_as_soon_as_it_is_on_the_disk_and_without_a_ring(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await at_rest(post)
        async with post.store.transaction() as tx:
            await post.outbox.post(tx, [post.row("done"), post.row("done, too", BOB)])
            assert phone.titles() == []
        await post.waits(1)
        assert sorted(phone.titles()) == ["done", "done, too"]
        assert await post.rows() == []


@virtual
async def test_what_was_not_kept_is_not_sent_and_blocks_nobody(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await at_rest(post)
        with contextlib.suppress(ConnectionAbortedError):
            async with post.store.transaction() as tx:
                await post.outbox.post(tx, [post.row("never was")])
                raise ConnectionAbortedError
        await post.waits(1)
        await post.queue("after it")
        await post.waits(1)
        assert phone.titles() == ["after it"]


@virtual
async def test_the_same_key_goes_once(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        for _ in range(2):
            await at_rest(post)
            async with post.store.transaction() as tx:
                await post.outbox.post(tx, [post.row("done")])
        await at_rest(post)
        await post.queue("the lane is free")
        await post.waits(1)
        assert phone.titles() == ["done", "the lane is free"]


@virtual
async def test_what_waits_there_goes_first(tmp_path: Path) -> None:
    phone = two_people(pause=10)
    async with at_work(tmp_path, phone) as post:
        for title in ("first", "second"):
            await post.queue(title)
        await at_rest(post)
        assert phone.titles() == ["first"]
        async with post.store.transaction() as tx:
            await post.outbox.post(tx, [post.row("third")])
        await post.waits(1)
        assert [row.notice.title for row in await post.rows()] == ["second", "third"]
        await post.waits(30)
        assert phone.titles() == ["first", "second", "third"]


@virtual
async def test_a_writer_who_was_interrupted_keeps_nothing_from_the_phone(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await at_rest(post)
        writing = asyncio.Event()

        async def write() -> None:
            async with post.store.transaction() as tx:
                await post.outbox.post(tx, [post.row("kept after all")])
                writing.set()

        async with asyncio.TaskGroup() as group:
            writer = group.create_task(write())
            await writing.wait()
            writer.cancel()
        await post.waits(1)
        assert phone.titles() == ["kept after all"]


@virtual
async def test_what_was_begun_before_a_kill_is_sent_after_it(tmp_path: Path) -> None:
    phone = FakePhone("fake", allowed={"1": ANN})
    async with at_work(tmp_path, phone, begin=False) as post:
        async with post.store.transaction() as tx:
            begun = await tx.outbox.begin(post.row("done"))
            assert begun is not None
            assert await tx.outbox.begin(post.row("done")) is None
        assert await post.rows() == []
    async with at_work(tmp_path, phone) as post:
        async with post.store.snapshot() as tx:
            row = await tx.outbox.get(begun.id)
            assert row is not None
            assert (row.state, row.attempts) == (OutboxState.QUEUED, 1)
        await post.waits(1)
    assert phone.titles() == ["done"]


@virtual
async def test_the_local_phone_lets_those_that_are_far_away_go_first(tmp_path: Path) -> None:
    near, far = two_people(), two_people("far")
    far.capabilities = replace(far.capabilities, per_second=30)
    async with at_work(tmp_path, near, far) as post:
        await at_rest(post)
        async with post.store.transaction() as tx:
            rows = [post.row("done"), replace(post.row("done"), key="2", channel="far")]
            await post.outbox.post(tx, rows)
        await post.waits(AT_HAND / 2)
        assert (near.titles(), far.titles()) == ([], ["done"])
        await post.waits(AT_HAND)
        assert near.titles() == ["done"]


@virtual
async def test_what_cannot_go_straight_is_looked_for(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await at_rest(post)
        async with post.store.transaction() as tx:
            await post.outbox.post(tx, [replace(post.row("50 %"), delivery=Delivery.LATEST)])
        await post.waits(1)
        assert phone.titles() == ["50 %"]
