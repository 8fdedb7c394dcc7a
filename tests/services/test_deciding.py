"""Which prompt a name means, and for whom."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.ids import SessionName
from bot.ports.channel import Rejected
from tests.support.world import World, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(World(tmp_path)) as started:
        yield started


async def test_a_session_called_like_a_code_goes_before_the_code(world: World) -> None:
    world.asks(world.session("shop"), "make a")
    code = (await world.card("make a")).notice.code
    world.asks(world.session(code), "make b")
    await world.card("make b")

    told = await world.hears(f"approve {code}")

    assert told.notice.title == f"✓ Session '{code}' approved (once)"
    assert world.services.roster.get(SessionName("shop")) is not None


async def test_a_prompt_that_this_person_was_not_sent_is_not_decided_by_name(
    world: World,
) -> None:
    pane = world.session("shop")
    # As a card, and then in plain words.
    world.phone.fails += [Rejected("no such chat"), Rejected("no such chat")]
    world.asks(pane, "make a")
    await world.soon(lambda: not world.phone.fails or None, "a card that is not taken")

    told = await world.hears("approve shop")
    assert "shows a prompt you have not been sent yet: look at " in told.notice.title
    assert pane.agent.keys == []

    at_the_machine = await world.services.surface.command("approve shop", "Ann")
    assert at_the_machine.notice.title == "✓ Session 'shop' approved (once)"
