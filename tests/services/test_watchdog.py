"""What hangs is told once."""

from __future__ import annotations

from pathlib import Path

from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


async def minutes(world: World, count: int) -> None:
    """With a check every half minute."""
    for _ in range(2 * count):
        await world.services.watchdog.check()
        await world.passes(30)


def stuck(world: World) -> list[str]:
    return [title for title in world.phone.titles() if title.startswith("🐌")]


@virtual
async def test_working_without_output_is_told_once_for_each_spell(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await minutes(world, 20)
        assert len(stuck(world)) == 1

        pane.agent.said.append("a line")
        world.tmux.wrote(pane)
        await world.passes(1)
        await minutes(world, 20)
        assert len(stuck(world)) == 2


@virtual
async def test_what_waits_for_a_person_or_for_work_is_not_stuck(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("idle")
        world.asks(world.session("asks"), "make")
        await world.known("idle", "asks")
        await minutes(world, 20)
        assert stuck(world) == []
