"""What comes, goes and changes on the panes is noticed once, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.ids import PaneId, PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import NoticeKind
from bot.core.press import Press
from bot.core.screen import Screen
from tests.support.faketmux import FakePane
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


def phase(world: World, name: str) -> Phase | None:
    return next((s.phase for s in world.services.roster.all() if s.name == name), None)


async def audit_rows(world: World) -> int:
    async with world.store.snapshot() as tx:
        return len(await tx.audit.since(None))


@virtual
async def test_a_new_pane_becomes_a_session_and_a_closed_one_ends(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.soon(lambda: phase(world, "shop") is Phase.WORKING or None, "a session")
        world.tmux.remove(pane)
        await world.soon(lambda: phase(world, "shop") is Phase.ENDED or None, "its end")
        assert any("ended" in title for title in world.phone.titles())


@virtual
async def test_a_program_that_ended_ends_its_session(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        panes = world.session("shop"), world.session("web")
        await world.known("shop", "web")
        panes[1].forgets = True
        for pane in panes:
            pane.dead = True
        await world.sweeps()
        for name in ("shop", "web"):
            assert phase(world, name) is Phase.ENDED
            why = world.services.roster.require(name).history[-1].why
            assert why == "its program has ended"


@virtual
async def test_a_prompt_on_a_pane_that_closes_is_told_as_gone(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        card = await world.card("make")
        world.tmux.remove(pane)
        await world.soon(lambda: card.edits or None, "an edit")
        assert card.notice.title == "⌛ Gone: the session ended"


@virtual
async def test_half_a_dialog_is_not_told(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        pane.agent.ask("make all")
        whole = pane.agent.screen()
        pane.agent.frames = [["ask: mak"], whole[:2], [*whole[:2], "  2 den"], whole]
        world.tmux.wrote(pane)

        await world.card("make all")
        assert len(world.phone.cards()) == 1


@virtual
async def test_what_cannot_be_read_is_told_only_when_it_stays_so(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        pane.agent.ask("unreadable: ???")
        world.tmux.wrote(pane)
        await world.passes(0.9)
        assert world.phone.cards() == []
        pane.agent.asks[0] = ("make", pane.agent.asks[0][1])
        world.tmux.wrote(pane)
        await world.card("make")
        assert not any("can't read" in title for title in world.phone.titles())

        pane.agent.asks[0] = ("unreadable: ???", pane.agent.asks[0][1])
        world.tmux.wrote(pane)
        await world.passes(1.5)
        await world.sweeps()
        card = await world.soon(
            lambda: next((b for b in world.phone.cards() if "can't read" in b.text), None),
            "a card",
        )
        assert [button.label for button in card.notice.buttons] == ["Show screen"]


@virtual
async def test_what_is_soon_seen_whole_was_only_being_drawn(tmp_path: Path) -> None:
    """OpenCode has a scroll bar beside a new diff until it has measured it."""
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        pane.agent.ask("make [cut]")
        world.tmux.wrote(pane)
        await world.passes(0.5)
        assert world.phone.cards() == []
        pane.agent.asks[0] = ("make", pane.agent.asks[0][1])
        world.tmux.wrote(pane)
        card = await world.card("make")
        assert "Approve" in [button.label for button in card.notice.buttons]


@pytest.mark.parametrize(("asked", "whole"), [("make [cut]", False), ("make [early]", True)])
@virtual
async def test_what_stays_as_it_is_is_told_after_a_second(
    tmp_path: Path, asked: str, whole: bool
) -> None:
    """Cut off, without Approve. Whole though more might have come, as OpenCode's name of a tool
    comes before what that is called with."""
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        pane.agent.ask(asked)
        world.tmux.wrote(pane)
        await world.passes(0.9)
        assert world.phone.cards() == []
        await world.passes(0.3)
        card = await world.card("make")
        assert ("Approve" in [button.label for button in card.notice.buttons]) == whole


@virtual
async def test_what_cannot_be_read_is_told_after_a_second_without_another_hint(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        world.phone.bubbles.clear()
        pane.agent.ask("unreadable: ???")
        world.tmux.wrote(pane)
        await world.passes(0.5)
        assert world.phone.cards() == []
        await world.passes(0.7)
        assert len(world.phone.cards()) == 1


@virtual
async def test_two_short_moments_that_cannot_be_read_are_no_second(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        for _ in range(3):
            pane.agent.ask("unreadable: ???")
            world.tmux.wrote(pane)
            await world.passes(0.4)
            pane.agent.asks.clear()
            world.tmux.wrote(pane)
            await world.passes(0.4)
        assert world.phone.cards() == []


@virtual
async def test_a_turning_spinner_writes_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.passes(1)
        before = await audit_rows(world)
        store, count = world.store, 0
        real = store.transaction

        def counted() -> object:
            nonlocal count
            count += 1
            return real()

        store.transaction = counted  # type: ignore[method-assign,assignment]
        for second in range(40):
            pane.agent.said = [f"line {second}"]
            world.tmux.wrote(pane)
            await world.passes(1)
        assert count == 0
        assert await audit_rows(world) == before
        session = world.services.roster.require("shop")
        assert (world.clock.now() - session.last_activity).total_seconds() < 3


@virtual
async def test_a_long_activity_is_kept_now_and_then(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.passes(70)
        pane.agent.said = ["line"]
        world.tmux.wrote(pane)
        await world.passes(1)
        async with world.store.snapshot() as tx:
            (kept,) = await tx.sessions.all()
        assert (world.clock.now() - kept.last_activity).total_seconds() < 3


@virtual
async def test_a_session_nobody_watches_is_silent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.hears("unwatch shop")
        world.asks(pane, "make")
        pane.agent.said = [":::DONE:all:::"]
        await world.sweeps()
        await world.passes(5)
        assert world.phone.cards() == []
        await world.hears("watch shop")
        await world.card("make")


@virtual
async def test_signals_that_stood_there_before_are_old_news(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(said=[":::DONE:yesterday:::"]))
        await world.known("shop")
        await world.passes(5)
        pane.agent.said.append(":::DONE:today:::")
        world.tmux.wrote(pane)
        await world.soon(lambda: "today" in "".join(world.phone.titles()) or None, "a signal")
        assert "yesterday" not in "".join(world.phone.titles())


@virtual
async def test_a_signal_is_told_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        pane = world.session("shop")
        await world.known("shop")
        await world.passes(1)
        pane.agent.said.append(":::ERROR:no disk:::")
        for line in ("a", "b", "c"):
            pane.agent.said.append(line)
            world.tmux.wrote(pane)
            await world.passes(2)
            await world.sweeps()
    async with running(world):
        await world.passes(5)
    told = [b for b in world.phone.bubbles if b.notice.kind is NoticeKind.SIGNAL]
    assert [bubble.notice.title for bubble in told] == ["❌ Agent `shop` error: no disk"]


@virtual
async def test_a_pane_whose_keys_are_being_pressed_holds_up_no_other(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        frozen = world.session("frozen", ToyAgent(frozen=True))
        other = world.session("other")
        world.asks(frozen, "make a")
        card = await world.card("make a")
        order: list[str] = []
        pressed = asyncio.Event()

        def note(press: Press) -> None:
            order.append("pressed")
            pressed.set()

        world.tmux.after_press = note
        await world.phone.taps(card, "Approve")
        await pressed.wait()
        begun = world.clock.monotonic()
        world.asks(other, "make b")
        await world.sweeps()
        await world.card("make b")
        order.append("card of the other")
        assert world.clock.monotonic() - begun < 1
        await world.reply("the agent did not react")
        order.append("given up on the frozen one")
        assert world.clock.monotonic() - begun > 4
    assert order == ["pressed", "card of the other", "given up on the frozen one"]


@virtual
async def test_a_lost_server_ends_all_and_a_new_one_brings_new_sessions(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        old = [world.session(name) for name in ("api", "shop")]
        world.asks(old[1], "make")
        card = await world.card("make")
        await world.known("api", "shop")
        world.tmux.die()
        await world.soon(lambda: not world.services.roster.live() or None, "nothing left")
        await world.soon(lambda: card.edits or None, "an edit")

        new = world.session("shop")
        assert new.key.pane == old[0].key.pane
        world.asks(new, "make")
        again = await world.card("make")
        assert again.notice.code != card.notice.code
        assert [s.name for s in world.services.roster.live()] == ["shop"]


@virtual
async def test_a_pane_that_was_lost_sight_of_goes_on_as_it_was(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.session("other")
        await world.known("shop", "other")
        await world.hears("unwatch shop")
        world.tmux.remove(pane)
        await world.soon(lambda: phase(world, "shop") is Phase.ENDED or None, "its end")
        world.tmux.panes_by_id[pane.key.pane] = pane
        for _ in range(3):
            await world.sweeps()
        assert [s.name for s in world.services.roster.live()] == ["other", "shop"]
        assert not world.services.roster.require("shop").watched


@virtual
async def test_a_tmux_that_does_not_answer_for_a_while_ends_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        world.tmux.blind = True
        world.asks(pane, "make")
        await world.sweeps()
        await world.passes(30)
        assert phase(world, "shop") is not Phase.ENDED
        world.tmux.blind = False
        await world.card("make")


@virtual
async def test_a_dialog_that_changes_while_the_decision_waits_for_the_pane(
    tmp_path: Path,
) -> None:
    """The screen flips, somebody looks at it, and right then the tap on the old card comes in."""
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make a")
        card = await world.card("make a")
        flip(world, pane, "make b")
        while not world.services.roster.lock(pane.key).locked():
            assert card.notice.buttons, "it was over before anybody was seen to look"
            await world.passes(0.001)
        await world.phone.taps(card, "Approve")

        await world.card("make b")
        assert pane.agent.keys == []
        await world.passes(5)
        assert len(world.phone.cards()) == 1


def flip(world: World, pane: FakePane, subject: str) -> None:
    pane.agent.asks[0] = (subject, pane.agent.asks[0][1])
    world.tmux.wrote(pane)


@virtual
async def test_what_is_typed_into_a_dialog_is_no_other_prompt(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        card = await world.card("make")
        for data in (b"\x1b[B", b"\t", b"n", b"o"):
            pane.agent.feed(data)
            world.tmux.wrote(pane)
            await world.passes(1)
        assert world.phone.cards() == [card]
        assert card.edits == 0


@virtual
async def test_a_look_does_not_undo_what_changed_while_tmux_was_asked(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.passes(1)
        real = world.tmux.capture

        async def slowly(
            panes: Iterable[PaneKey], history: int = 0, *, ansi: bool = False
        ) -> dict[PaneId, Screen]:
            found = await real(panes, history, ansi=ansi)
            await world.services.roster.change(
                SessionName("shop"), lambda session: replace(session, task="changed meanwhile")
            )
            return found

        world.tmux.capture = slowly  # type: ignore[method-assign]
        pane.agent.said.append("a line")
        world.tmux.wrote(pane)
        await world.passes(1)
        assert world.services.roster.require("shop").task == "changed meanwhile"
