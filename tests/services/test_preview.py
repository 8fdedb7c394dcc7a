"""What is told after one look, and what has to hold still first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.agent import Reading
from bot.core.screen import Screen
from tests.support.faketmux import FakePane
from tests.support.toy import ToyAgent, read_toy
from tests.support.virtual import virtual
from tests.support.world import World, running

DONE = ":::DONE:all tests pass:::"


class Printer(ToyAgent):
    """No agent: a program that prints."""

    def screen(self) -> list[str]:
        return ["$"]


async def shows_for_a_moment(world: World, agent: ToyAgent, *rows: str) -> FakePane:
    """Those rows in one look, and without the first of them in the next."""
    pane = world.session("shop", agent)
    await world.passes(1)
    pane.agent.frames = [[*rows], list(rows[1:])]
    world.tmux.wrote(pane)
    await world.passes(1)
    return pane


@virtual
async def test_a_line_that_was_printed_is_told_after_one_look(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await shows_for_a_moment(world, Printer(), DONE, "$")
        assert world.phone.titles() == ["✅ Agent `shop` completed: all tests pass"]


@virtual
async def test_what_an_agent_draws_has_to_hold_still(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await shows_for_a_moment(world, ToyAgent(), DONE, ">")
        assert world.phone.titles() == []


@virtual
async def test_a_dialog_beside_it_has_to_hold_still(tmp_path: Path) -> None:
    def printed(screen: Screen) -> Reading:
        return replace(read_toy(screen), agent="")

    dialog = ("ask: make", "> 1 allow_once Yes", "  2 deny No")
    async with running(World(tmp_path, reader=printed)) as world:
        await shows_for_a_moment(world, Printer(), DONE, *dialog)
        assert "✅ Agent `shop` completed: all tests pass" not in world.phone.titles()
