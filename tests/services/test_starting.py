"""From a launch to the delivered task, whatever the agent shows in between."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.core.prompts import Role
from bot.services.adoption import WatchRule
from tests.support.faketmux import FakePane
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

TRUST = ((Role.ACCEPT, "Yes, I trust this folder"), (Role.CANCEL, "No, exit"))


def pane_of(world: World, name: str) -> FakePane:
    (found,) = [p for p in world.tmux.panes_by_id.values() if p.session == name]
    return found


@virtual
async def test_a_started_agent_gets_its_task_once(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        answer = await world.hears(f"start shop in {tmp_path}: fix the build")
        assert answer.notice.title == "✅ Session: shop"
        assert f"📂 Directory: {tmp_path}" in answer.text
        assert "🎯 Task: fix the build" in answer.text
        assert "tmux attach -t =shop" in answer.text
        await world.passes(60)
        assert pane_of(world, "shop").agent.said == ["user: fix the build"]
        assert world.services.roster.require("shop").task == "fix the build"


@virtual
async def test_a_question_at_launch_comes_first_and_the_task_after_its_answer(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.tmux.spawns = lambda: ToyAgent(asks=[("trust: this folder?", TRUST)])
    async with running(world):
        answer = await world.hears(f"start shop in {tmp_path}: fix the build")
        assert "It asks something first" in answer.text
        agent = pane_of(world, "shop").agent
        assert agent.said == []
        await world.phone.taps(await world.card("this folder?"), "Approve")
        await world.reply("✓ Delivered to 'shop'")
        assert agent.done == [("accept", "trust: this folder?", "")]
        assert agent.said == ["user: fix the build"]


@virtual
async def test_an_agent_that_takes_its_time_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tmux.spawns = lambda: ToyAgent(frames=[["$ starting"]] * 100)
    async with running(world):
        await world.hears(f"start shop in {tmp_path}: fix the build")
        assert pane_of(world, "shop").agent.said == ["user: fix the build"]


@virtual
async def test_an_agent_that_ends_at_once_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):

        def ends() -> None:
            world.tmux.remove(pane_of(world, "shop"))

        asyncio.get_running_loop().call_later(0.02, ends)
        world.tmux.spawns = lambda: ToyAgent(frames=[["$ starting"]] * 1000)
        answer = await world.hears(f"start shop in {tmp_path}: fix")
        assert "ended at once" in answer.text


@virtual
async def test_the_same_event_twice_is_one_session(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tmux.spawns = lambda: ToyAgent(frames=[["$ starting"]] * 200)
    async with running(world):
        await world.phone.says(f"start shop in {tmp_path}: fix", event="e1")
        await world.soon(lambda: world.tmux.panes_by_id or None, "a pane")
        await world.passes(1)
    async with running(world):
        await world.reply("✅ Session: shop")
        await world.passes(60)
        assert [s.name for s in world.services.roster.live()] == ["shop"]
        assert pane_of(world, "shop").agent.said == ["user: fix"]


@virtual
async def test_a_session_that_is_there_gets_the_task(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.hears(f"start shop in {tmp_path}: fix")
        assert pane.agent.said == ["user: fix"]
        assert len(world.tmux.panes_by_id) == 1


@virtual
async def test_two_who_start_the_same_name_make_one_session(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for _ in range(2):
            await world.phone.says(f"start shop in {tmp_path}: fix")
        await world.soon(lambda: len(world.phone.replies()) == 2 or None, "two answers")
        assert len(world.tmux.panes_by_id) == 1


@virtual
async def test_a_spawned_pane_is_not_taken_for_a_found_one(tmp_path: Path) -> None:
    rule = WatchRule("all", (), ())
    async with running(World(tmp_path, watch=rule)) as world:
        await world.phone.says(f"start shop in {tmp_path}: fix")
        for _ in range(30):
            await world.sweeps()
            await world.passes(0.01)
        await world.reply("✅ Session: shop")
        assert [s.name for s in world.services.roster.all()] == ["shop"]
