"""Texts reach an agent once, at an empty composer, or it is said why they do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.ids import EventId
from bot.core.press import Press
from tests.support.faketmux import FakePane
from tests.support.telling import said, session
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


@virtual
async def test_a_text_is_typed_and_sent_once(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop run the tests")

        await world.reply("✓ Delivered to 'shop'")
        await world.passes(60)
        assert said(pane) == ["user: run the tests"]
        assert pane.agent.keys == [b"run the tests", b"\r"]
        assert len(world.phone.replies()) == 1


def asks(pane: FakePane) -> None:
    pane.agent.ask("make")


def works(pane: FakePane) -> None:
    pane.agent.busy = True


def drafts(pane: FakePane) -> None:
    pane.agent.draft = "hello"


def shell(pane: FakePane) -> None:
    pane.agent.frames = [["$ make"]] * 12


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (asks, "a dialog is open: answer that first"),
        (works, "the agent works; it is delivered when it is done"),
        (drafts, "somebody's draft stands in the input box"),
        (shell, "the agent is not at its input box yet"),
    ],
)
@virtual
async def test_what_cannot_be_typed_now_is_queued_told_and_delivered_once_later(
    tmp_path: Path, state: Callable[[FakePane], None], why: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        state(pane)
        await world.phone.says("tell shop run the tests")

        queued = await world.reply("Queued for 'shop' (position 1)")
        assert why in queued.text
        assert b"run the tests" not in pane.agent.keys
        if pane.agent.draft:
            assert pane.agent.draft == "hello"
        pane.agent.asks.clear()
        pane.agent.busy, pane.agent.draft = False, ""
        world.tmux.wrote(pane)

        await world.reply("✓ Delivered to 'shop'")
        await world.passes(60)
        assert said(pane) == ["user: run the tests"]
        assert len([b for b in world.phone.replies() if "Delivered" in b.text]) == 1


@virtual
async def test_a_shell_gets_no_text(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        pane.agent.frames = [["$"]] * 50
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.phone.says("tell shop rm -rf /")
        await world.reply("No agent is in the foreground")
        assert pane.agent.keys == []


@virtual
async def test_texts_that_wait_are_delivered_in_their_order(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, busy=True)
        for word in ("one", "two", "three"):
            await world.phone.says(f"tell shop {word}")
        assert "(position 3)" in (await world.reply("three")).text
        pane.agent.busy = False
        world.tmux.wrote(pane)
        await world.soon(lambda: len(said(pane)) == 3 or None, "all three")
        assert said(pane) == ["user: one", "user: two", "user: three"]


@virtual
async def test_after_half_an_hour_it_expires_aloud(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, busy=True)
        await world.phone.says("tell shop run the tests")
        await world.reply("Queued")
        await world.passes(31 * 60)

        await world.reply("⌛ Not delivered to 'shop'")
        pane.agent.busy = False
        await world.passes(60)
        assert pane.agent.keys == []


@virtual
async def test_a_session_that_ends_meanwhile_is_told(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, busy=True)
        await world.phone.says("tell shop run the tests")
        await world.reply("Queued")
        world.tmux.remove(pane)
        assert "the session has ended" in (await world.reply("Not delivered")).text


@virtual
async def test_nothing_but_control_characters_is_nothing_to_send(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop \x03")
        await world.passes(5)
        assert pane.agent.keys == []


@virtual
async def test_the_same_event_is_one_text(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        prompting, roster = world.services.prompting, world.services.roster
        who = world.services.gate.admit_owner("Ann")
        told = await asyncio.gather(
            *(
                prompting.tell(roster.require("shop"), "run", who, EventId("e1"))
                for _ in range(20)
            ),
            prompting.deliver_waiting(),
        )
        assert said(pane) == ["user: run"]
        assert all("Delivered" in notice.title for notice in told if notice is not None)


@pytest.mark.parametrize("at", ["text", "enter"])
@pytest.mark.parametrize("went_in", [True, False])
@virtual
async def test_a_restart_in_the_middle_never_types_it_twice(
    tmp_path: Path, at: str, went_in: bool
) -> None:
    world = World(tmp_path)
    hangs = asyncio.Event()
    real = world.tmux

    class Dies:
        marker = real.marker

        async def press(self, press: Press) -> object:
            if press.guard.press.endswith(at):
                if went_in:
                    await real.press(press)
                hangs.set()
                await asyncio.Event().wait()
            return await real.press(press)

    world.keyboard = Dies()  # type: ignore[assignment]
    async with running(world):
        pane = await session(world)
        await world.phone.says("tell shop run the tests", event="e1")
        await hangs.wait()
    world.keyboard = None
    async with running(world):
        await world.passes(60)

    assert said(pane) == ["user: run the tests"]
    assert any("Delivered" in title for title in world.phone.titles())
    assert pane.agent.keys == [b"run the tests", b"\r"]


@pytest.mark.parametrize("draft", ["", "run the tests!", "run"])
@virtual
async def test_after_a_restart_enter_follows_only_what_was_typed(
    tmp_path: Path, draft: str
) -> None:
    world = World(tmp_path)
    hangs = asyncio.Event()
    real = world.tmux

    class Dies:
        marker = real.marker

        async def press(self, press: Press) -> object:
            await real.press(press)
            hangs.set()
            return await asyncio.Event().wait()

    world.keyboard = Dies()  # type: ignore[assignment]
    async with running(world):
        pane = await session(world)
        await world.phone.says("tell shop run the tests", event="e1")
        await hangs.wait()
    pane.agent.draft = draft
    world.keyboard = None
    async with running(world):
        await world.passes(60)
    assert said(pane) == []
    assert pane.agent.keys == [b"run the tests"]
    assert any("Not known" in title for title in world.phone.titles())


@virtual
async def test_a_slow_session_does_not_hold_up_another(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        slow = await session(world, busy=True)
        other = world.session("other", ToyAgent(busy=True))
        await world.known("shop", "other")
        for name in ("shop", "other"):
            await world.phone.says(f"tell {name} run")
        await world.reply("Queued for 'other'")
        async with world.services.roster.lock(slow.key):
            slow.agent.busy = other.agent.busy = False
            world.tmux.wrote(other)
            await world.soon(lambda: said(other) or None, "a text")
        assert said(slow) == []


@virtual
async def test_a_text_that_waits_for_its_pane_has_one_receipt(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        async with world.services.roster.lock(pane.key):
            await world.phone.says("tell shop run")
            await world.passes(12)
        await world.reply("Delivered")
        await world.passes(12)
        assert len([b for b in world.phone.replies() if "Delivered" in b.text]) == 1
        assert said(pane) == ["user: run"]


@virtual
async def test_who_wrote_at_the_machine_is_told_on_the_phones_later(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, busy=True)
        await world.services.surface.input("shop", "run", "Ann")
        pane.agent.busy = False
        world.tmux.wrote(pane)
        await world.reply("✓ Delivered to 'shop'")


@virtual
async def test_an_agent_whose_keys_nobody_knows_gets_no_text(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents={})) as world:
        pane = await session(world)
        await world.phone.says("tell shop run the tests")
        queued = await world.reply("Queued for 'shop'")
        assert "I don't know the keys" in queued.text
        assert pane.agent.keys == []
