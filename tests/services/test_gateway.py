"""The services together: their start, their loops and their end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ports.channel import Accept, Alarm
from tests.support.phone import FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, ledger, running


@virtual
async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        pane = world.session("shop")
        world.asks(pane, "make")
        card = await world.card("make")
        await world.hears("unwatch shop")
        await world.hears("watch shop")
    async with running(world):
        await world.passes(5)
        assert world.phone.cards() == [card]
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
    assert pane.agent.keys == [b"\r"]


@virtual
async def test_what_changed_while_it_was_away_is_noticed(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        answered, closed = world.session("answered"), world.session("closed")
        for pane in (answered, closed):
            world.asks(pane, f"make {pane.session}")
        first, second = await world.card("make answered"), await world.card("make closed")
    answered.agent.feed(b"\r")
    world.tmux.remove(closed)
    async with running(world):
        await world.soon(lambda: (first.edits and second.edits) or None, "closed cards")
        assert first.notice.title == "☑️ Answered at the terminal"
        assert second.notice.title == "⌛ Gone: the session ended"


class Broken(FakePhone):
    async def run(self, accept: Accept, alarm: Alarm) -> None:
        raise LookupError("a mistake of ours")


@virtual
async def test_a_loop_that_fails_ends_the_program(tmp_path: Path) -> None:
    world = World(tmp_path, phone=Broken())
    async with ledger(tmp_path) as store:
        world.store = store
        services = world.build()
        await services.recover()
        with pytest.raises(ExceptionGroup) as raised:
            await services.run()
    assert raised.group_contains(LookupError, match="a mistake of ours")


@virtual
async def test_it_ends_at_once_when_it_is_cancelled(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.asks(world.session("shop"), "make")
        await world.card("make")
        begun = world.clock.monotonic()
    assert world.clock.monotonic() - begun < 1
