"""An agent that says it waits, and nothing to be seen of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.hooked import Hooked
from tests.support.virtual import virtual
from tests.support.world import running

WAITS = json.dumps({"status": "waiting", "waitingFor": "permission prompt"})


ACCOUNT = "/home/dev/.claude/sessions/4711.json"


def told(world: Hooked, words: str = "says that it waits for you") -> int:
    return sum(words in bubble.text for bubble in world.phone.bubbles)


async def some_time(world: Hooked) -> None:
    for _ in range(4):
        await world.passes(5)
        await world.sweeps()
    await world.passes(1)


@virtual
async def test_who_waits_unseen_for_some_seconds_is_told_of_once(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        await world.passes(1)
        world.accounts[ACCOUNT] = WAITS
        await world.sweeps()
        await world.passes(5)
        await world.sweeps()
        assert told(world) == 0
        for _ in range(3):
            await world.passes(5)
            await world.sweeps()
        await world.passes(1)
        assert told(world) == 1
        assert any("permission prompt" in bubble.text for bubble in world.phone.bubbles)


@virtual
async def test_what_is_seen_needs_no_other_witness(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        world.accounts[ACCOUNT] = WAITS
        world.asks(pane, "make")
        await world.open_prompt()
        for _ in range(4):
            await world.passes(5)
            await world.sweeps()
        assert told(world) == 0


@virtual
async def test_a_dialog_that_its_agent_knows_nothing_of_is_told_once(tmp_path: Path) -> None:
    """Text that looks like one, and that no reader tells from one."""
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        world.asks(pane, "make")
        await world.open_prompt()
        world.accounts[ACCOUNT] = idle_since(world, 0)
        await some_time(world)
        assert told(world, "says itself that it is idle") == 1


@virtual
async def test_the_old_account_of_an_agent_that_was_killed_says_nothing(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        world.accounts[ACCOUNT] = idle_since(world, 60)
        world.asks(pane, "make")
        await world.open_prompt()
        await some_time(world)
        assert told(world, "says itself") == 0


@virtual
async def test_a_dialog_that_its_hook_tells_of_needs_no_other_witness(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        await world.both(pane)
        world.accounts[ACCOUNT] = idle_since(world, 0)
        await some_time(world)
        assert told(world, "says itself") == 0


def idle_since(world: Hooked, seconds: float) -> str:
    at = int((world.clock.now().timestamp() - seconds) * 1000)
    return json.dumps({"status": "idle", "statusUpdatedAt": at})
