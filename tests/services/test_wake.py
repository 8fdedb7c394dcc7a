import asyncio

from bot.services.wake import Bell
from tests.support.clock import FakeClock, settle


async def test_rung_before_anyone_waits_it_is_heard_once() -> None:
    bell = Bell(FakeClock())
    for _ in range(3):
        bell.ring()
    assert await bell.wait(5)
    assert not await bell.wait(0)


async def test_whoever_waits_hears_it_at_once() -> None:
    clock = FakeClock()
    bell = Bell(clock)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bell.wait(60))
        for_ever = group.create_task(Bell(clock).wait(1))
        await settle()
        assert not waiting.done()
        bell.ring()
        await settle()
        assert waiting.result()
        await clock.advance(1)
        assert not for_ever.result()
    assert clock.sleeping == 0


async def test_it_waits_no_longer_than_it_was_told() -> None:
    clock = FakeClock()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(Bell(clock).wait(60))
        await clock.advance(59)
        assert not waiting.done()
        await clock.advance(1)
        assert waiting.result() is False


async def test_without_a_limit_it_waits_for_the_bell() -> None:
    clock = FakeClock()
    bell = Bell(clock)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bell.wait())
        await clock.advance(100_000)
        assert not waiting.done()
        bell.ring()
        assert await waiting


async def test_no_time_at_all_is_only_a_question() -> None:
    bell = Bell(FakeClock())
    assert not await bell.wait(0)
    assert not await bell.wait(-1)
    bell.ring()
    assert await bell.wait(0)


async def test_a_waiter_that_is_cancelled_leaves_nothing_behind() -> None:
    clock = FakeClock()
    bell = Bell(clock)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bell.wait(60))
        await settle()
        waiting.cancel()
    assert clock.sleeping == 0
    bell.ring()
    assert await bell.wait(0)
