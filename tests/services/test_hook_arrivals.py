"""Hooks that come late, do not come, or come twice: what answers then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.hook_settings import HookSetup
from tests.support.faketmux import FakePane
from tests.support.hooked import Hooked
from tests.support.toy import TOY
from tests.support.virtual import virtual
from tests.support.world import running

TELLING = {"toy": replace(TOY, hooks=HookSetup({}, {}))}


async def _first_seen(world: Hooked) -> FakePane:
    """A dialog of an agent that tells by hooks, whose question has not come by one yet."""
    pane = await world.shop()
    world.hooks.tells(pane.key, "SessionStart", source="startup")
    await world.passes(1)
    world.asks(pane, "make")
    return pane


@virtual
async def test_a_hook_that_has_just_come_answers_what_the_screen_told(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.asks(pane, "make")
        record = await world.open_prompt()
        await world.stands(record)
        call = world.calls(pane)
        await world.hears(f"approve {record.code}")
        assert call.decision == {"behavior": "allow"}
        assert pane.agent.keys == []
        assert (await world.now(record)).state is PromptState.CONFIRMED
        await world.passes(5)
        assert (call.handled.is_set(), await world.live()) == (True, [])


@virtual
async def test_a_hook_that_is_on_its_way_is_waited_for(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path, agents=TELLING)) as world:
        pane = await _first_seen(world)
        record = await world.open_prompt()
        await world.phone.says(f"approve {record.code}")
        await world.passes(0.5)
        call = world.calls(pane)
        await world.reply("approved (once)")
        assert call.decision == {"behavior": "allow"}
        assert pane.agent.keys == []


@pytest.mark.parametrize("before_dialog", [True, False])
def test_a_hook_that_does_not_come_is_not_waited_for_for_long(
    tmp_path: Path, before_dialog: bool
) -> None:
    @virtual
    async def plays() -> None:
        setup = HookSetup({}, {}, before_dialog=before_dialog)
        agents = {"toy": replace(TOY, hooks=setup)}
        async with running(Hooked(tmp_path, agents=agents)) as world:
            pane = await _first_seen(world)
            record = await world.open_prompt()
            begun = world.clock.monotonic()
            await world.hears(f"approve {record.code}")
            assert pane.agent.done == [("allow_once", "make", "")]
            took = world.clock.monotonic() - begun
            assert took < 1.0 if before_dialog else 0.8 < took < 2.0

    plays()


@pytest.mark.parametrize("words", ["approve", "deny"])
def test_hooks_that_are_set_up_twice_ask_once(tmp_path: Path, words: str) -> None:
    """Claude Code (2.1.197, 2.1.329) runs equal commands once; those of an earlier installation
    beside the session's own differ. After a no, nothing tells that the question is over."""

    @virtual
    async def plays() -> None:
        async with running(Hooked(tmp_path)) as world:
            pane = await world.shop()
            twin = world.calls(pane)
            call, record = await world.both(pane)
            await world.hears(f"{words} {record.code}")
            assert len(call.printed) + len(twin.printed) == 1
            await world.passes(5)
            assert (await world.live(), world.phone.cards()) == ([], [])
            assert (call.handled.is_set(), twin.handled.is_set()) == (True, True)

    plays()
