"""Into the input box, Enter, and what the agent makes of it: one text, look by look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.agent import Timing
from bot.core.press import Press
from tests.support.faketmux import FakePane
from tests.support.toy import TOY, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


async def session(world: World, **state: object) -> FakePane:
    pane = world.session("shop", ToyAgent(**state))  # type: ignore[arg-type]
    await world.known("shop")
    return pane


def said(pane: FakePane) -> list[str]:
    return [line for line in pane.agent.said if line.startswith("user: ")]


@virtual
async def test_a_dialog_that_opens_before_enter_gets_no_enter(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def opens(press: Press) -> None:
            if not press.paste:
                pane.agent.ask("rm -rf /")

        world.tmux.before_press = opens
        await world.phone.says("tell shop run the tests")

        told = await world.reply("Enter was not pressed")
        assert "Not delivered" in told.text
        assert pane.agent.done == []
        assert b"\r" not in pane.agent.keys


@virtual
async def test_a_dialog_that_opens_while_the_text_goes_in_gets_no_enter(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.after_press = lambda press: pane.agent.ask("rm -rf /")
        await world.phone.says("tell shop run the tests")
        await world.reply("Enter was not pressed")
        assert pane.agent.keys == [b"run the tests"]


@virtual
async def test_a_dialog_that_opens_before_the_text_gets_no_text(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.before_press = lambda press: pane.agent.ask("rm -rf /")
        await world.phone.says("tell shop y")
        await world.reply("Queued")
        await world.passes(10)
        assert pane.agent.keys == []


@pytest.mark.parametrize(("times", "told"), [(1, "✓ Delivered"), (9, "Enter was not pressed")])
def test_a_screen_that_is_being_drawn_is_looked_at_again(
    tmp_path: Path, times: int, told: str
) -> None:
    @virtual
    async def plays() -> None:
        async with running(World(tmp_path)) as world:
            pane = await session(world, said=["Tips:", "1. Ask", "2. Edit"])

            def draws(press: Press) -> None:
                if not press.paste and pane.agent.said[2].count(".") <= times:
                    pane.agent.said[2] += "."

            world.tmux.before_press = draws
            await world.phone.says("tell shop run the tests")

            await world.reply(told)
            assert (b"\r" in pane.agent.keys) == (times == 1)

    plays()


@virtual
async def test_a_letter_typed_by_a_person_keeps_enter_away(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def joins_in(press: Press) -> None:
            pane.agent.draft += "x"

        world.tmux.after_press = joins_in
        await world.phone.says("tell shop run")
        await world.reply("did not appear whole")
        assert pane.agent.draft == "runx"


@virtual
async def test_an_agent_that_does_not_take_it_is_told_as_not_known(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def freezes(press: Press) -> None:
            pane.agent.frozen = not press.paste

        world.tmux.before_press = freezes
        await world.phone.says("tell shop run")
        assert "the agent did not take it" in (await world.reply("Not known")).text


@virtual
async def test_control_characters_never_become_keys(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop a\x1b[201~\x03b")
        await world.reply("Delivered")
        assert pane.agent.keys == [b"ab", b"\r"]


@virtual
async def test_no_text_runs_in_a_shell(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop !rm -rf build")
        await world.reply("Delivered")
        assert pane.agent.ran == []
        assert said(pane) == ["user: !rm -rf build"]


@virtual
async def test_a_box_that_is_one_for_a_shell_gets_no_enter(tmp_path: Path) -> None:
    """An agent that does not mind the blank before it."""
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def turns(press: Press) -> None:
            pane.agent.draft = pane.agent.draft.strip()

        world.tmux.after_press = turns
        await world.phone.says("tell shop !rm -rf build")
        await world.reply("Enter was not pressed")
        assert pane.agent.ran == []
        await world.phone.says("tell shop and more")
        assert "one for shell commands" in (await world.reply("Queued")).text


@virtual
async def test_no_other_command_is_run_than_was_written(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, commands=("/compact", "/clear"))
        await world.phone.says("tell shop /comp")
        await world.reply("Delivered")
        assert pane.agent.said == ["user: /comp"]


@virtual
async def test_enter_waits_as_long_as_that_agent_needs(tmp_path: Path) -> None:
    """Codex 0.169.0 takes an Enter right behind a text for a line end of a paste."""
    slow = {"toy": replace(TOY, timing=Timing(enter=0.5))}
    async with running(World(tmp_path, agents=slow)) as world:
        pane = await session(world)
        at: list[float] = []
        world.tmux.before_press = lambda press: at.append(world.clock.monotonic())
        await world.phone.says("tell shop run the tests")
        await world.reply("✓ Delivered to 'shop'")
        text, enter = at
        assert 0.5 <= enter - text < 1
        assert pane.agent.keys == [b"run the tests", b"\r"]
