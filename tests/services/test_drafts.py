"""What somebody has typed at the terminal is there again afterwards, or it is not touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.agent import Keys
from bot.core.press import Press
from tests.support.faketmux import FakePane
from tests.support.toy import STASHED, TOY, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

STASH = b"\x13"
STASHING = {"toy": replace(TOY, keys=Keys(stash=STASH), stashed_line=f"^{STASHED}$")}


async def drafted(world: World, **state: object) -> FakePane:
    pane = world.session("shop", ToyAgent(draft="half ty", **state))  # type: ignore[arg-type]
    await world.known("shop")
    return pane


@virtual
async def test_it_is_put_by_once_nobody_types_and_is_back_afterwards(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world)
        await world.phone.says("tell shop run the tests")
        assert "somebody's draft" in (await world.reply("Queued")).text
        await world.passes(3)
        pane.agent.draft = "half typed"
        await world.passes(4)
        assert pane.agent.keys == []  # somebody was typing until just now
        told = await world.reply("✓ Delivered to 'shop'")
        assert "is back in the input box" in told.text
        assert pane.agent.keys == [STASH, b"run the tests", b"\r"]
        assert (pane.agent.draft, pane.agent.stashed) == ("half typed", "")
        assert pane.agent.said == ["user: run the tests"]


@virtual
async def test_without_a_key_for_it_it_is_left_alone(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await drafted(world)
        await world.phone.says("tell shop run the tests")
        await world.reply("Queued for 'shop' (position 1): somebody's draft stands")
        await world.passes(31 * 60)
        await world.reply("⌛ Not delivered to 'shop'")
        assert (pane.agent.keys, pane.agent.draft) == ([], "half ty")


@virtual
async def test_one_that_is_put_by_already_is_not_lost_to_another(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world, stashed="an older one")
        await world.phone.says("tell shop run the tests")
        await world.reply("Queued")
        await world.passes(120)
        assert (pane.agent.keys, pane.agent.stashed) == ([], "an older one")


@virtual
async def test_a_shells_line_is_left_alone(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world)
        pane.agent.draft = "!ls"
        await world.phone.says("tell shop run the tests")
        await world.reply("one for shell commands")
        await world.passes(120)
        assert pane.agent.keys == []


@virtual
async def test_an_agent_that_was_seen_to_work_only_then_gets_the_draft_back(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world, busy=True)
        await world.phone.says("tell shop run the tests")
        await world.reply("Queued")
        await world.passes(40)
        assert (pane.agent.keys, pane.agent.draft) == ([STASH, STASH], "half ty")
        assert (pane.agent.said, pane.agent.stashed) == ([], "")
        pane.agent.busy = False
        await world.reply("✓ Delivered to 'shop'")
        assert (pane.agent.said, pane.agent.draft) == (["user: run the tests"], "half ty")


@pytest.mark.parametrize("step", ["-draft-stash", "-text", "-enter"])
@virtual
async def test_a_dialog_that_opens_at_any_step_gets_no_key(tmp_path: Path, step: str) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world)
        fate: list[Press] = []

        def opens(press: Press) -> None:
            if press.guard.press.endswith(step) and not fate:
                fate.append(press)
                pane.agent.ask("rm -rf /")

        world.tmux.before_press = opens
        await world.phone.says("tell shop run the tests")
        await world.soon(lambda: fate or None, "a dialog")
        await world.passes(20)
        assert (pane.agent.done, b"\r" in pane.agent.keys) == ([], False)
        world.tmux.wrote(pane)
        card = await world.card("rm -rf /")
        await world.hears("deny", reply_to=card.ref)
        await world.reply("✓ Delivered to 'shop'")
        await world.passes(60)
        assert pane.agent.done == [("escape", "rm -rf /", "")]
        assert pane.agent.said == ["user: run the tests"]
        assert (pane.agent.draft, pane.agent.stashed) == ("half ty", "")


@virtual
async def test_somebody_who_types_on_meanwhile_loses_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents=STASHING)) as world:
        pane = await drafted(world)

        def types(press: Press) -> None:
            if press.guard.press.endswith("-text"):
                pane.agent.draft += "ped"

        world.tmux.after_press = types
        await world.phone.says("tell shop run the tests")
        await world.reply("did not appear whole")
        assert (pane.agent.draft, pane.agent.stashed) == ("run the testsped", "half ty")
        assert b"\r" not in pane.agent.keys
