"""What is seen after a restart of a text whose Enter had gone in. The rest: test_delivering."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.ids import SessionName
from bot.core.records import TextState
from bot.services.uptake import Uptake
from tests.support.toy import TOY, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

TRANSCRIPT = "/home/dev/.claude/projects/x/c0ffee.jsonl"


@pytest.mark.parametrize(
    ("agent", "record", "state"),
    [
        (ToyAgent(said=["user: run the tests"]), "", TextState.DELIVERED),
        (ToyAgent(busy=True), "", TextState.DELIVERED),
        (ToyAgent(said=["queued: run"]), "", TextState.HANDED),
        (ToyAgent(draft="run the tests"), "", TextState.UNKNOWN),
        (ToyAgent(), "", TextState.UNCONFIRMED),
        (ToyAgent(), "run the tests", TextState.DELIVERED),
    ],
)
@virtual
async def test_after_a_restart(
    tmp_path: Path, agent: ToyAgent, record: str, state: TextState
) -> None:
    async with running(World(tmp_path)) as world:
        world.session("shop", agent)
        await world.known("shop")
        said = {"message": {"role": "user", "content": record}}
        world.accounts[TRANSCRIPT] = json.dumps(said)
        roster = world.services.roster
        await roster.change(SessionName("shop"), lambda now: replace(now, transcript=TRANSCRIPT))
        uptake = Uptake(world.services.eyes, world.accounts, world.clock, {"toy": TOY})
        found = await uptake.after_restart(roster.require("shop"), "run the tests")
        assert found.state is state
