"""The list of sessions is kept up to date in its message, and is in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.notices import NoticeKind
from bot.core.records import OutboxState
from bot.ports.channel import Capabilities, Rejected, RetryLater
from bot.services.live import EVERY, LIFE
from tests.support.faketmux import FakePane
from tests.support.phone import Bubble, FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, running


async def listed(world: World, words: str = "sessions") -> tuple[FakePane, Bubble]:
    """A session at rest, and the list with it, at the beginning of a minute."""
    pane = world.session("shop")
    await world.known("shop")
    await world.passes(60 - world.clock.now().second)
    return pane, await world.hears(words)


@pytest.mark.parametrize("words", ["sessions", "status", "dashboard"])
@virtual
async def test_it_changes_where_it_stands(tmp_path: Path, words: str) -> None:
    async with running(World(tmp_path)) as world:
        pane, bubble = await listed(world, words)
        assert "○ shop" in bubble.text
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(EVERY + 1)
        assert "🔒 shop" in bubble.text
        assert bubble.button("🔒 shop") == "status shop"
        assert bubble.text.splitlines()[-1] == f"as of {world.clock.now().astimezone():%H:%M}"
        assert bubble.edits == 1
        assert [b.notice.title for b in world.phone.replies()] == ["1 session"]


@virtual
async def test_it_changes_only_when_there_is_something_new(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, bubble = await listed(world)
        await world.passes(55)
        assert bubble.edits == 0
        await world.passes(60)
        # its age in minutes
        assert bubble.edits == 1


@virtual
async def test_a_restless_session_does_not_make_it_flicker(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, bubble = await listed(world)
        for turn in range(40):
            pane.agent.busy = turn % 2 == 0
            world.tmux.wrote(pane)
            await world.passes(0.5)
        assert 1 <= bubble.edits <= 20 / EVERY


@virtual
async def test_after_a_while_it_stays_as_it_is(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, bubble = await listed(world)
        await world.passes(LIFE.total_seconds() + EVERY)
        edits = bubble.edits
        assert edits >= 8
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(60)
        assert (bubble.edits, "○ shop" in bubble.text) == (edits, True)


@virtual
async def test_a_new_list_ends_the_old_one(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, old = await listed(world)
        new = await world.hears("status")
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(10)
        assert (old.edits, "○ shop" in old.text) == (0, True)
        assert (new.edits, "🔒 shop" in new.text) == (1, True)


@virtual
async def test_each_chat_has_its_own(tmp_path: Path) -> None:
    phone = FakePhone(allowed={"7001": "ann", "7002": "bob"})
    async with running(World(tmp_path, phone=phone)) as world:
        pane, anns = await listed(world)
        await phone.says("sessions", user="7002")
        bobs = await world.soon(lambda: next(iter(phone.at("bob")), None), "the list for Bob")
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(10)
        assert "🔒 shop" in anns.text
        assert "🔒 shop" in bobs.text


@virtual
async def test_it_ends_with_the_program(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        pane, bubble = await listed(world)
    async with running(world):
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(60)
        assert bubble.edits == 0


@virtual
async def test_a_number_in_it_means_what_it_meant(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, bubble = await listed(world)
        world.asks(world.session("api"), "npm run build")
        await world.card("npm run build")
        await world.passes(10)
        lines = [line.split(" · ")[0] for line in bubble.notice.parts[0].text.splitlines()]
        assert lines == ["1. ○ shop", "2. 🔒 api"]
        assert (await world.hears("peek 1")).notice.title == "Screen of 'shop'"
        assert (await world.hears("peek 2")).notice.title == "Screen of 'api'"


@virtual
async def test_where_messages_cannot_be_changed_nothing_follows(tmp_path: Path) -> None:
    able = Capabilities(buttons=False, edits=False, text_limit=1600)
    async with running(World(tmp_path, phone=FakePhone(capabilities=able))) as world:
        pane, bubble = await listed(world)
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(60)
        assert bubble.edits == 0
        assert [b.notice.kind for b in world.phone.bubbles] == [
            NoticeKind.REPLY,
            NoticeKind.PROMPT,
        ]


@virtual
async def test_a_message_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, bubble = await listed(world)
        world.phone.bubbles.remove(bubble)
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(60)
        assert world.phone.replies() == []


@virtual
async def test_a_list_that_was_never_sent_is_not_changed(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        world.phone.fails = [Rejected("no such chat")]
        await world.phone.says("sessions")
        await world.passes(1)
        world.asks(pane, "npm run build")
        await world.card("npm run build")
        await world.passes(10)
        assert world.phone.replies() == []


@virtual
async def test_what_waits_for_the_network_is_only_the_newest(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, bubble = await listed(world)
        world.phone.fails = [RetryLater(50, "patience")]
        for turn in range(11):
            pane.agent.busy = turn % 2 == 0
            world.tmux.wrote(pane)
            await world.passes(EVERY)
        await world.passes(20)
        assert bubble.edits == 1
        assert "● shop" in bubble.text


@virtual
async def test_an_approval_never_waits_for_it(tmp_path: Path) -> None:
    phone = FakePhone(pauses={"chat-7001": 1.0})
    async with running(World(tmp_path, phone=phone)) as world:
        pane, bubble = await listed(world)
        await world.passes(EVERY)
        pane.agent.busy = True
        world.tmux.wrote(pane)
        await world.soon(lambda: bubble.edits or None, "a change")
        changed = world.clock.monotonic()
        world.asks(world.session("api"), "npm run build")
        await world.card("npm run build")
        assert world.clock.monotonic() - changed < 0.5


@virtual
async def test_where_the_provider_wants_pauses_it_changes_less_often(tmp_path: Path) -> None:
    phone = FakePhone(pauses={"chat-7001": 3.0})
    async with running(World(tmp_path, phone=phone)) as world:
        pane, bubble = await listed(world)
        for turn in range(45):
            pane.agent.busy = turn % 2 == 0
            world.tmux.wrote(pane)
            await world.passes(1)
        assert 3 <= bubble.edits <= 5


@virtual
async def test_a_list_of_several_messages_stays_as_it_is(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        names = [f"a-session-with-a-long-name-{n:02}" for n in range(60)]
        for name in names:
            world.session(name)
        await world.known(*names)
        bubble = await world.hears("sessions")
        await world.passes(180)
        assert bubble.edits == 0
        async with world.store.snapshot() as tx:
            found = await tx.outbox.due(world.clock.now())
        assert [row for row in found if row.state is OutboxState.QUEUED] == []
