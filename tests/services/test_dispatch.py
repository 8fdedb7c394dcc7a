"""Words that are no single command's own: unknown ones, later ones, replies to cards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.prompts import Role
from bot.services.commands import LATER
from tests.support.world import World, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(World(tmp_path)) as started:
        yield started


@pytest.mark.parametrize(
    ("words", "title", "hint"),
    [
        ("aprove shop", "I don't know “aprove shop”. Nothing was done.", "Did you mean: approve?"),
        ("👍", "I don't know “👍”. Nothing was done.", "help shows what I understand."),
        ("please\ndo it", "I don't know “please do it”. Nothing was done.", ""),
        ("   ", "There were no words.", "help shows what I understand."),
    ],
)
async def test_unknown_words_change_nothing(
    world: World, words: str, title: str, hint: str
) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    await world.card("npm run build")
    told = await world.hears(words)
    assert told.notice.title == title
    assert hint in told.text
    assert told.notice.buttons
    assert pane.agent.keys == []


async def test_what_comes_later_is_said_to(world: World) -> None:
    for word, instead in LATER.items():
        told = await world.hears(f"/{word.upper()} shop 1h")
        assert told.notice.title == f"“{word}” is not in this version. Nothing was done."
        assert told.notice.parts[0].text == f"Instead: {instead}."


async def test_a_command_that_is_there_needs_no_word_of_comfort(world: World) -> None:
    names = {c.name for c in world.services.gateway.commands}
    assert not names & set(LATER)


async def test_a_reply_to_an_approval_with_other_words(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")

    assert "with this reason?" in (await world.hears("use pnpm", card.ref)).notice.title
    assert "is snoozed until" in (await world.hears("snooze 30m", card.ref)).notice.title
    assert (await world.hears("how's shop going?", card.ref)).notice.title == "Session 'shop'"
    assert (await world.hears("ping", card.ref)).notice.title == "pong"
    assert pane.agent.keys == []


async def test_a_reply_may_name_another_prompt(world: World) -> None:
    one, two = world.session("one"), world.session("two")
    world.asks(one, "make a")
    world.asks(two, "make b")
    card = await world.card("make a")
    code = (await world.card("make b")).notice.code

    told = await world.hears(f"approve {code}", card.ref)
    assert told.notice.title == "✓ Session 'two' approved (once)"
    told = await world.hears("deny TWO", card.ref)
    assert told.notice.title.startswith("✗ Nothing waits in session 'two'")
    assert one.agent.keys == []


async def test_a_command_to_a_question_begins_with_a_slash(world: World) -> None:
    pane = world.session("shop")
    rows = ((Role.ANSWER, "Red"), (Role.OTHER, "Something else"))
    world.asks(pane, "question: Which colour?", rows=rows)
    card = await world.card("Which colour?")
    assert (await world.hears("/peek", card.ref)).notice.title == "Screen of 'shop'"
    await world.hears("peek at the old one", card.ref)
    assert pane.agent.done == [("other", "question: Which colour?", "peek at the old one")]
