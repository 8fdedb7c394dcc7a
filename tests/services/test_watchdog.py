"""What is amiss is told once, and its card changes when it is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.concerns import Limits
from bot.core.notices import NoticeKind
from tests.support.phone import Bubble
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


async def minutes(world: World, count: int) -> None:
    """With a check every half minute."""
    for _ in range(2 * count):
        await world.services.watchdog.check()
        await world.passes(30)


def cards(world: World, sign: str) -> list[Bubble]:
    return [b for b in world.phone.bubbles if b.notice.title.startswith(sign)]


@virtual
async def test_working_without_output_is_told_once_for_each_spell(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await minutes(world, 20)
        (card,) = cards(world, "🐌")
        assert card.notice.title == "🐌 Session 'shop' works without any output (5 min)"
        assert card.button("interrupt") == "interrupt shop"

        pane.agent.said.append("a line")
        world.tmux.wrote(pane)
        await world.passes(1)
        await world.services.watchdog.check()
        await world.passes(5)
        assert cards(world, "🐌") == []
        (changed,) = cards(world, "☑️")
        assert changed.ref == card.ref
        assert changed.notice.title.startswith("☑️ Session 'shop' was silent; it is working after")
        await minutes(world, 20)
        assert len(cards(world, "🐌")) == 1


@virtual
async def test_it_is_told_once_over_a_restart(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await minutes(world, 10)
    async with running(world):
        await minutes(world, 1)
        assert len([t for t in world.phone.titles() if t.startswith("🐌")]) == 1


@virtual
async def test_what_waits_for_a_person_or_for_work_is_not_stuck(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("idle")
        world.asks(world.session("asks"), "make")
        await world.known("idle", "asks")
        await minutes(world, 20)
        assert cards(world, "🐌") == []
        assert cards(world, "💤") == []


@virtual
async def test_idle_for_as_long_as_is_set(tmp_path: Path) -> None:
    world = World(tmp_path, limits=Limits(timedelta(minutes=5), timedelta(minutes=10)))
    async with running(world):
        world.session("shop")
        await world.known("shop")
        await minutes(world, 30)
        (card,) = cards(world, "💤")
        assert card.notice.title == "💤 Session 'shop' has been idle for 10 min"


@virtual
async def test_a_server_that_ends_is_one_message_for_all_its_sessions(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for name in ("a", "b", "c"):
            world.session(name)
        await world.known("a", "b", "c")
        world.tmux.die()
        await world.sweeps()
        await world.passes(5)
        ended = cards(world, "⏹")
        assert [b.notice.title for b in ended] == [
            "⏹ The tmux server has ended, and 3 sessions with it"
        ]
        assert ended[0].notice.kind is NoticeKind.STATE
