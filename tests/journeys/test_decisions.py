"""What a person does on the phone, and what the agent gets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.toy import YES_ALWAYS_NO
from tests.support.world import World, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(World(tmp_path)) as started:
        yield started


async def test_a_tap_on_approve_presses_enter_on_yes(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")

    card = await world.card("npm run build")
    assert card.notice.title == "🔒 Session 'shop' needs approval"
    await world.phone.taps(card, "Approve")

    await world.reply("✓ Session 'shop' approved (once)")
    assert pane.agent.done == [("allow_once", "npm run build", "")]
    assert pane.agent.keys == [b"\r"]
    await world.soon(lambda: card.edits or None, "an edited card")
    assert card.notice.title == "✓ Session 'shop' approved (once)"
    assert not card.notice.buttons


async def test_a_second_tap_is_told_who_was_first(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")
    approve, deny = card.button("Approve"), card.button("Deny")
    await world.phone.says(approve)
    await world.reply("approved (once)")

    await world.phone.says(deny)

    told = await world.reply("settled already")
    assert "by Ann" in told.text
    assert pane.agent.keys == [b"\r"]


async def test_a_prompt_that_changed_before_the_tap_is_not_answered(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")
    approve = card.button("Approve")

    pane.agent.asks.clear()
    pane.agent.ask("rm -rf /")
    await world.phone.says(approve)

    await world.card("rm -rf /")
    assert pane.agent.done == []
    assert pane.agent.keys == []


async def test_answered_at_the_terminal_closes_the_card(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")

    pane.agent.feed(b"\r")
    world.tmux.wrote(pane)

    await world.soon(lambda: card.edits or None, "an edited card")
    assert card.notice.title == "☑️ Answered at the terminal"


async def test_a_reason_reaches_the_agent(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build", rows=YES_ALWAYS_NO)
    card = await world.card("npm run build")

    await world.phone.says(f"deny {card.notice.code} use pnpm instead")

    await world.reply("✓ Session 'shop' denied")
    assert pane.agent.done == [("deny", "npm run build", "use pnpm instead")]


async def test_words_on_a_card_ask_before_they_deny(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")

    await world.phone.says("please use pnpm", reply_to=card.ref)
    asked = await world.reply("with this reason?")
    assert pane.agent.keys == []
    await world.phone.taps(asked, "Deny with")

    await world.reply("✓ Session 'shop' denied")
    assert pane.agent.done == [("deny", "npm run build", "please use pnpm")]


async def test_always_says_what_it_grants_when_it_is_more(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build", rows=YES_ALWAYS_NO)
    card = await world.card("npm run build")

    await world.phone.taps(card, "Always")
    asked = await world.reply("grants more than this one request")
    assert "don't ask again for: make *" in asked.text
    assert pane.agent.keys == []
    await world.phone.taps(asked, "Yes, grant")

    await world.reply("approved (always)")
    assert pane.agent.done == [("allow_always", "npm run build", "")]


async def test_always_is_one_tap_when_it_grants_just_that(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "make clean", rows=YES_ALWAYS_NO)
    card = await world.card("make clean")

    await world.phone.taps(card, "Always")

    await world.reply("approved (always)")
    assert pane.agent.done == [("allow_always", "make clean", "")]


async def test_no_name_with_two_waiting_asks_which(world: World) -> None:
    one, two = world.session("one"), world.session("two")
    world.asks(one, "make a")
    world.asks(two, "make b")
    await world.card("make a")
    await world.card("make b")

    await world.phone.says("approve")
    asked = await world.reply("Which one?")
    await world.phone.taps(asked, "two")

    await world.reply("✓ Session 'two' approved (once)")
    assert one.agent.keys == []
    assert two.agent.keys == [b"\r"]


async def test_a_stranger_has_no_effect_and_gets_no_answer(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")
    before = len(world.phone.bubbles)

    await world.phone.says(card.button("Approve"), user="666")
    await world.phone.says("ping")

    await world.reply("pong")
    assert pane.agent.keys == []
    assert len(world.phone.bubbles) == before + 1
