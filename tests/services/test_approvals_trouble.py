"""What a person is told when the key cannot go in, or nobody knows whether it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.press import Press
from tests.support.faketmux import FakePane
from tests.support.toy import YES_ALWAYS_NO
from tests.support.virtual import virtual
from tests.support.world import World, running


def in_mode(pane: FakePane) -> None:
    pane.in_mode = True


def switched_off(pane: FakePane) -> None:
    pane.input_off = True


def synchronized(pane: FakePane) -> None:
    pane.synchronized = True


def dead(pane: FakePane) -> None:
    pane.dead = True


def asks_else(pane: FakePane) -> None:
    pane.agent.asks[0] = ("rm -rf /", pane.agent.asks[0][1])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (in_mode, "the pane is in copy mode"),
        (switched_off, "input to the pane is switched off"),
        (synchronized, "the panes of that window are synchronized"),
        (dead, "the program in the pane has ended"),
        (asks_else, "the screen is not the one you saw"),
    ],
)
@virtual
async def test_a_press_that_tmux_refuses_chooses_nothing_and_says_why(
    tmp_path: Path, change: Callable[[FakePane], None], reason: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        code = card.notice.code

        def at_the_last_moment(press: Press) -> None:
            change(pane)

        world.tmux.before_press = at_the_last_moment
        await world.phone.taps(card, "Approve")

        told = await world.reply("Not pressed")
        assert reason in told.text
        assert "Nothing was chosen" in told.text
        assert pane.agent.keys == []
        if pane.dead:
            return
        again = await world.card(pane.agent.asks[0][0])
        assert again.notice.code != code
        assert card.notice.title.startswith("⚠️ Not pressed")


@virtual
async def test_a_pane_that_vanishes_at_the_last_moment_is_told(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        world.tmux.before_press = lambda press: world.tmux.remove(pane)
        await world.phone.taps(card, "Approve")

        assert "the pane is gone" in (await world.reply("Not pressed")).text
        assert pane.agent.keys == []


@virtual
async def test_a_server_that_was_restarted_gets_no_key(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()

        def restart(press: Press) -> None:
            world.tmux.die()
            imposter = world.tmux.add("shop", pane.agent)
            assert imposter.key.pane == pane.key.pane

        world.tmux.before_press = restart
        await world.phone.taps(card, "Approve")

        await world.reply("the tmux server was restarted")
        assert pane.agent.keys == []


@virtual
async def test_a_program_that_was_replaced_in_its_pane_gets_no_key(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()

        def respawn(press: Press) -> None:
            new = world.tmux.add("shop", pane.agent)
            del world.tmux.panes_by_id[new.key.pane]
            new.key = type(new.key)(new.key.server, pane.key.pane, new.key.pid)
            world.tmux.panes_by_id[pane.key.pane] = new

        world.tmux.before_press = respawn
        await world.phone.taps(card, "Approve")

        await world.reply("another program runs in that pane now")
        assert pane.agent.keys == []


@virtual
async def test_a_decision_that_waits_too_long_for_its_pane_is_refused(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        async with world.services.roster.lock(pane.key):
            await world.phone.taps(card, "Approve")
            await world.passes(31)

        await world.reply("it came too late")
        assert pane.agent.keys == []


@virtual
async def test_an_agent_that_does_not_react_is_told_and_gets_no_second_key(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        code = card.notice.code
        pane.agent.frozen = True
        await world.phone.taps(card, "Approve")

        await world.reply("key sent, the agent did not react")
        await world.passes(60)
        assert pane.agent.keys == [b"\r"]
        assert "key sent, the agent did not react" in card.notice.title
        again = await world.card("make")
        assert again.notice.code != code


@virtual
async def test_words_that_do_not_appear_in_the_dialog_are_not_sent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked(rows=YES_ALWAYS_NO)

        def swallow(press: Press) -> None:
            if press.data == b"use pnpm":
                pane.agent.typed = "us"

        world.tmux.after_press = swallow
        await world.phone.says(f"deny {card.notice.code} use pnpm")

        await world.reply("did not arrive whole")
        assert pane.agent.done == []


@virtual
async def test_a_pane_that_vanishes_between_two_keys_ends_with_nothing_chosen(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make clean", rows=YES_ALWAYS_NO)
        world.tmux.after_press = lambda press: world.tmux.remove(pane)
        await world.phone.taps(card, "Always")

        told = await world.reply("Not pressed")
        assert "the pane is gone" in told.text
        assert pane.agent.done == []


@virtual
async def test_an_answer_of_tmux_that_is_lost_is_told_as_not_known(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        world.tmux.loses = []
        await world.phone.taps(card, "Approve")

        await world.reply("Not known whether the key went in")
        record = await world.record(card.notice.code)
        assert record.state is PromptState.UNKNOWN
        await world.passes(40)
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_a_tmux_that_does_not_answer_before_the_key_ends_the_decision(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()

        def go_blind() -> None:
            world.tmux.blind = True

        asyncio.get_running_loop().call_later(0.01, go_blind)
        await world.phone.taps(card, "Approve")
        await world.reply("tmux does not answer")
        world.tmux.blind = False
        world.tmux.wrote(pane)

        again = await world.card("make")
        assert pane.agent.keys == []
        await world.phone.taps(again, "Approve")
        await world.reply("approved (once)")
