"""What becomes of a database call whose caller is cancelled."""

import asyncio
from pathlib import Path

import pytest

from bot.adapters.store.link import uninterrupted
from tests.support.stores import temporary_store


async def test_a_call_ends_before_its_caller_is_cancelled() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    ended = []

    async def work() -> None:
        begun.set()
        await go_on.wait()
        ended.append(True)

    caller = asyncio.get_running_loop().create_task(uninterrupted(work()))
    await begun.wait()
    caller.cancel()
    caller.cancel()
    await asyncio.wait({caller}, timeout=0.01)
    assert not caller.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended == [True]


async def test_an_error_comes_through() -> None:
    async def work() -> None:
        raise LookupError("x")

    with pytest.raises(LookupError):
        await uninterrupted(work())


async def test_the_cancellation_counts_more_than_an_error() -> None:
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        raise LookupError("x")

    caller = asyncio.get_running_loop().create_task(uninterrupted(work()))
    await asyncio.wait({caller}, timeout=0.01)
    caller.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_cancelled_at_any_moment_the_store_goes_on(tmp_path: Path) -> None:
    """Each transaction is there with both of its rows, or not at all."""

    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await tx.meta.put(f"a{number}", "1")
            await tx.meta.put(f"b{number}", "1")

    async with temporary_store(tmp_path) as store:
        for number in range(60):
            task = asyncio.get_running_loop().create_task(write(number))
            await asyncio.wait({task}, timeout=number / 10_000)
            task.cancel()
            await asyncio.wait({task})
        async with asyncio.timeout(5), store.transaction() as tx:
            for number in range(60):
                pair = [await tx.meta.get(f"a{number}"), await tx.meta.get(f"b{number}")]
                assert pair in ([None, None], ["1", "1"])
            await tx.meta.put("last", "1")
