"""An agent that says it waits, and nothing to be seen of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.hooked import Hooked
from tests.support.virtual import virtual
from tests.support.world import running

WAITS = json.dumps({"status": "waiting", "waitingFor": "permission prompt"})


def told(world: Hooked) -> int:
    return sum("says that it waits for you" in bubble.text for bubble in world.phone.bubbles)


@virtual
async def test_who_waits_unseen_for_some_seconds_is_told_of_once(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        await world.passes(1)
        world.accounts["/home/dev/.claude/sessions/4711.json"] = WAITS
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
        world.accounts["/home/dev/.claude/sessions/4711.json"] = WAITS
        world.asks(pane, "make")
        await world.open_prompt()
        for _ in range(4):
            await world.passes(5)
            await world.sweeps()
        assert told(world) == 0
