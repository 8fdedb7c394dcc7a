"""What still waits is told again, ever more rarely."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from bot.core.approvals import PromptState
from bot.core.notices import NoticeKind
from bot.services.reminders import LONGEST
from tests.support.virtual import virtual
from tests.support.world import World, running


async def told_over(world: World, minutes: int) -> list[int]:
    """Seconds at which a reminder came, with a check every half minute."""
    times: list[int] = []
    for second in range(0, minutes * 60, 30):
        await world.attends()
        await world.passes(30)
        while len(reminders(world)) > len(times):
            times.append(second)
    return times


def reminders(world: World) -> list[str]:
    return [b.notice.title for b in world.phone.bubbles if b.notice.kind is NoticeKind.REMINDER]


@virtual
async def test_after_two_minutes_then_doubling_up_to_half_an_hour(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.asks(world.session("shop"), "make")
        await world.card("make")
        times = await told_over(world, 150)
    pauses = [b - a for a, b in pairwise(times)]
    assert 90 <= times[0] <= 150
    assert [round(pause / 60) for pause in pauses] == [4, 8, 16, 30, 30, 30]
    assert reminders(world)[0] == "⏳ Session 'shop' still waits (2 min)"


@virtual
async def test_a_prompt_that_waits_for_days_is_no_overflow(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.asks(world.session("shop"), "make")
        await world.card("make")
        async with world.store.transaction() as tx:
            (record,) = await tx.prompts.in_states(frozenset({PromptState.OPEN}))
            days = replace(record, reminded=500, remind_at=world.clock.now())
            await tx.prompts.replace(days)
        await world.attends()
        async with world.store.snapshot() as tx:
            (record,) = await tx.prompts.in_states(frozenset({PromptState.OPEN}))
    assert record.remind_at == world.clock.now() + LONGEST


@virtual
async def test_who_was_away_gets_one_reminder_and_not_all_of_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        world.asks(world.session("shop"), "make")
        await world.card("make")
    await world.passes(4 * 3600)
    async with running(world):
        await world.attends()
        await world.attends()
        await world.passes(5)
    assert len(reminders(world)) == 1


@virtual
async def test_an_answer_stops_them(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.asks(world.session("shop"), "make")
        card = await world.card("make")
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        assert await told_over(world, 10) == []


@virtual
async def test_a_session_nobody_watches_is_not_brought_up_again(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.asks(world.session("shop"), "make")
        await world.card("make")
        await world.hears("unwatch shop")
        assert await told_over(world, 10) == []
