"""Files that people send reach the agent they are for, once, and nobody else's reach anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.records import InboxState
from bot.ports.channel import Rejected, Unreachable
from bot.services.files import MOST
from tests.support.faketmux import FakePane
from tests.support.phone import FakePhone
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

PNG = ("screen shot.png", b"\x89PNG")


async def agent(world: World, name: str = "shop") -> FakePane:
    pane = world.session(name)
    await world.known(name)
    return pane


def kept(world: World) -> str:
    (path,) = world.shelf.files
    return path


@virtual
async def test_a_caption_names_the_session(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        await world.phone.sends(PNG, caption="tell shop look at this")
        await world.reply("Delivered to 'shop'")
        path = kept(world)
        assert path.startswith("/files/shop/screen-shot-")
        assert path.endswith(".png")
        assert world.shelf.files[path] == b"\x89PNG"
        assert pane.agent.said == [f"user: look at this\n\nFile: {path} (file)"]


@pytest.mark.parametrize("caption", ["", "what is wrong here?", "yes", "stop doing that"])
@virtual
async def test_a_reply_or_a_thread_names_it_and_any_caption_is_for_the_agent(
    tmp_path: Path, caption: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        receipt = await world.hears("tell shop hello")
        await world.phone.sends(PNG, caption=caption, reply_to=receipt.ref)
        await world.soon(lambda: len(pane.agent.said) == 2 or None, "the file by reply")
        await world.phone.sends(PNG, caption=caption, session="shop")
        await world.soon(lambda: len(pane.agent.said) == 3 or None, "the file by thread")
        paths = list(world.shelf.files)
        begin = f"user: {caption}\n\n" if caption else "user: "
        assert pane.agent.said[1:] == [f"{begin}File: {path} (file)" for path in paths]
        assert len(paths) == 2


@virtual
async def test_several_files_come_in_one_text(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        await world.phone.sends(("a.txt", b"1"), ("a.txt", b"2"), caption="tell shop compare")
        await world.reply("Delivered")
        assert sorted(world.shelf.files.values()) == [b"1", b"2"]
        assert pane.agent.said == ["user: compare\n\n" + _lines(world)]


def _lines(world: World) -> str:
    return "\n".join(f"File: {path}" for path in world.shelf.files)


@virtual
async def test_without_a_session_it_asks_and_a_tap_sends_it(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, other = await agent(world), await agent(world, "api")
        await world.phone.sends(PNG, caption="look")
        question = await world.reply("Which session is that file for?")
        assert [button.label for button in question.notice.buttons] == ["api", "shop"]
        assert world.phone.fetched == []
        await world.phone.taps(question, "shop")
        await world.reply("Delivered to 'shop'")
        assert pane.agent.said == [f"user: look\n\nFile: {kept(world)} (file)"]
        assert other.agent.said == []


@virtual
async def test_the_question_goes_with_one_persons_message_only(tmp_path: Path) -> None:
    phone = FakePhone(allowed={"7001": "ann", "7002": "bob"})
    async with running(World(tmp_path, phone=phone)) as world:
        pane = await agent(world)
        await phone.sends(PNG)
        question = await world.reply("Which session is that file for?")
        await phone.says(question.button("shop"), user="7002")
        await world.reply("I don't have that file any more")
        assert (pane.agent.said, phone.fetched) == ([], [])


@virtual
async def test_with_no_agent_there_is_nothing_to_ask(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await world.phone.sends(PNG)
        await world.reply("No agent is there to give that file to")


@virtual
async def test_a_strangers_file_is_not_even_fetched(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        await world.phone.sends(PNG, caption="tell shop run this", user="666")
        await world.phone.sends(PNG, session="shop", user="666")
        await world.passes(10)
        assert (world.phone.fetched, world.shelf.files, pane.agent.said) == ([], {}, [])
        assert world.phone.bubbles == []


@pytest.mark.parametrize("stated", [MOST + 1, 0])
@virtual
async def test_what_is_too_big_is_refused(tmp_path: Path, stated: int) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        big = ("film.mp4", b"x" * (MOST + 1))
        await world.phone.sends(big, caption="tell shop see", size=stated)
        await world.reply("File 'film.mp4' is too big: at most 20 MB. Nothing was sent")
        assert len(world.phone.fetched) == (0 if stated else 1)
        assert (world.shelf.files, pane.agent.said) == ({}, [])


@virtual
async def test_a_provider_that_is_away_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        world.phone.fetch_fails = [Unreachable("no network"), Unreachable("no network")]
        await world.phone.sends(PNG, caption="tell shop see")
        await world.reply("Delivered")
        assert len(pane.agent.said) == 1


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ([Rejected("file is gone")], "'screen shot.png' was not taken: file is gone"),
        ([Unreachable("no network")] * 3, "could not be fetched: no network; send it again"),
    ],
)
@virtual
async def test_what_cannot_be_fetched_is_said(
    tmp_path: Path, faults: list[Exception], words: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        world.phone.fetch_fails = list(faults)
        await world.phone.sends(PNG, caption="tell shop see")
        await world.reply(words)
        assert (world.shelf.files, pane.agent.said) == ({}, [])


@virtual
async def test_a_session_that_can_take_nothing_costs_no_fetch(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        world.tmux.remove(pane)
        await world.sweeps()
        await world.phone.sends(PNG, session="shop")
        await world.reply("has ended")
        assert world.phone.fetched == []


async def _handled_again(world: World) -> None:
    """As after kill -9 in the middle of it."""
    async with world.store.transaction() as tx:
        for row in await tx.inbox.in_state(InboxState.DONE):
            event = row.inbound.event
            await tx.inbox.advance(row.inbound.channel, event, InboxState.RUNNING)


@virtual
async def test_handled_twice_it_is_kept_and_told_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        pane = await agent(world)
        await world.phone.sends(PNG, caption="tell shop look", event="9")
        await world.reply("Delivered")
        await _handled_again(world)
    async with running(world):
        await world.passes(10)
        assert pane.agent.said == [f"user: look\n\nFile: {kept(world)} (file)"]
        assert len(world.phone.fetched) == 1


@virtual
async def test_a_file_that_was_kept_before_the_text_was_is_not_kept_twice(tmp_path: Path) -> None:
    """Killed between the two."""
    world = World(tmp_path)
    async with running(world):
        pane = await agent(world)
        world.session("other", ToyAgent())
        await world.phone.sends(PNG, caption="tell shop look", event="9")
        await world.reply("Delivered")
        path = kept(world)
    async with running(world):
        world.shelf.files[path] = b"kept in the first life"
        ref = world.phone.fetched[0]
        world.phone.contents[ref] = b"second"
        await world.phone.says("tell shop ↩9")
        await world.soon(lambda: len(pane.agent.said) == 2 or None, "told on request")
        assert world.shelf.files == {path: b"kept in the first life"}
