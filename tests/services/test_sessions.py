"""Starting, interrupting, stopping and forgetting sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.agent import Keys
from bot.core.errors import NotFound, Refused
from bot.core.ids import EventId, SessionName
from bot.core.lifecycle import Phase
from bot.core.press import Press
from bot.services.launching import StartRequest
from tests.support.toy import TOY, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


async def start(world: World, name: str, directory: str, **more: str) -> None:
    who = world.services.gate.admit_owner("Ann")
    request = StartRequest(name, directory, **more)
    await world.services.sessions.start(request, who, EventId(f"start {name}"))


BAD_NAMES = ("", "-x", "a b", "a.b", "a:b", "=a", "ä", "x" * 65, "#(touch x)", "a\n")


@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
@virtual
async def test_a_name_that_tmux_could_misread_is_refused(tmp_path: Path, name: str) -> None:
    async with running(World(tmp_path)) as world:
        with pytest.raises(Refused, match="can't be a session's name"):
            await start(world, name, str(tmp_path))
        assert not world.tmux.panes_by_id


@pytest.mark.parametrize("name", ["a", "shop-2", "Shop_3", "0", "x" * 64])
@virtual
async def test_a_plain_name_is_taken(tmp_path: Path, name: str) -> None:
    async with running(World(tmp_path)) as world:
        await start(world, name, str(tmp_path))
        assert world.services.roster.require(name).phase is not Phase.ENDED


@virtual
async def test_a_directory_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with running(World(tmp_path)) as world:
        for name in ("nowhere", "file"):
            with pytest.raises(Refused, match="there is no directory"):
                await start(world, "shop", str(tmp_path / name))


@virtual
async def test_a_relative_directory_is_below_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(World(tmp_path)) as world:
        for name, directory in (("a", "code"), ("b", "~/code"), ("c", "./code/../code")):
            await start(world, name, directory)
            assert world.services.roster.require(name).directory == str(tmp_path / "code")


@virtual
async def test_a_name_in_use_is_told_and_the_session_there_left_alone(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        with pytest.raises(Refused, match="there already"):
            await start(world, "shop", str(tmp_path))
        assert world.services.roster.require("shop").pane == pane.key


@virtual
async def test_a_session_whose_tmux_name_changed_keeps_its_own(tmp_path: Path) -> None:
    """Else the new one would take its row, and nobody would watch the old pane any more."""
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        pane.session = "renamed"
        await world.sweeps()
        assert world.services.roster.require("shop").tmux_session == "renamed"
        with pytest.raises(Refused, match="there already"):
            await start(world, "shop", str(tmp_path))


@virtual
async def test_an_agent_nobody_knows_is_refused_with_those_that_can_be_started(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        with pytest.raises(Refused, match=r"I can start: toy"):
            await start(world, "shop", str(tmp_path), agent="nobody")


@virtual
async def test_interrupt_presses_only_while_the_agent_works(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x1b"]

        answer = await world.hears("interrupt shop")
        assert "not working" in answer.text
        world.asks(pane, "make")
        await world.card("make")
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x1b"]
        assert pane.agent.done == []


@virtual
async def test_a_turning_spinner_does_not_keep_the_interrupt_out(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        turns = iter(("✶", "✻", "✽"))

        def turn(press: Press) -> None:
            pane.agent.spinner = next(turns, pane.agent.spinner)

        world.tmux.before_press = turn
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x1b"]


TWICE = replace(TOY, again_line="again: esc")


@virtual
async def test_an_agent_that_wants_a_second_key_gets_one(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents={"toy": TWICE})) as world:
        pane = world.session("shop", ToyAgent(busy=True, twice=True))
        await world.known("shop")
        answer = await world.hears("interrupt shop")
        assert "interrupted" in answer.text
        assert pane.agent.keys == [b"\x1b", b"\x1b"]
        assert not pane.agent.busy


@virtual
async def test_an_agent_that_stops_at_the_first_key_gets_no_second_one(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents={"toy": TWICE})) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x1b"]


@virtual
async def test_an_agent_that_goes_on_is_not_called_interrupted(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents={"toy": TWICE})) as world:
        pane = world.session("shop", ToyAgent(busy=True, frozen=True))
        await world.known("shop")
        answer = await world.hears("interrupt shop")
        assert "the agent goes on" in answer.text
        assert pane.agent.keys == [b"\x1b"]


@virtual
async def test_a_wheel_that_never_rests_does_not_keep_the_interrupt_out(tmp_path: Path) -> None:
    wheeled = replace(TOY, spinner="◐◓")
    async with running(World(tmp_path, agents={"toy": wheeled})) as world:
        pane = world.session("shop", ToyAgent(busy=True, spinner="◐"))
        await world.known("shop")

        def turn(press: Press) -> None:
            pane.agent.spinner = "◓" if pane.agent.spinner == "◐" else "◐"

        world.tmux.before_press = turn
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x1b"]


@virtual
async def test_a_dialog_that_opens_at_the_last_moment_is_not_interrupted(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        world.tmux.before_press = lambda press: pane.agent.ask("make")
        answer = await world.hears("interrupt shop")
        assert "not working" in answer.text
        assert pane.agent.keys == []


@virtual
async def test_the_same_interrupt_after_a_restart_is_no_second_key(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True, frozen=True))
        await world.known("shop")
        who = world.services.gate.admit_owner("Ann")
        session = world.services.roster.require("shop")
        for _ in range(2):
            await world.services.sessions.interrupt(session, who, EventId("e1"))
        assert pane.agent.keys == [b"\x1b"]


@virtual
async def test_stop_ends_the_tmux_session_and_a_second_one_says_it_was_gone(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        world.session("shop")
        await world.known("shop")
        session = world.services.roster.require("shop")
        who = world.services.gate.admit_owner("Ann")
        await world.services.sessions.stop(session, who)
        assert not world.tmux.panes_by_id
        with pytest.raises(NotFound, match="gone already"):
            await world.services.sessions.stop(session, who)


@virtual
async def test_the_tail_is_what_stands_there(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(said=["one", "two"]))
        await world.known("shop")
        session = world.services.roster.require("shop")
        assert await world.services.sessions.tail(session, 2) == ("two", ">")
        world.tmux.remove(pane)
        with pytest.raises(NotFound):
            await world.services.sessions.tail(session, 2)


@virtual
async def test_a_session_that_ended_is_forgotten_after_a_day(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        world.tmux.remove(pane)
        await world.soon(lambda: not world.services.roster.live() or None, "its end")
        assert await world.services.sessions.forget_ended() == []
        await world.services.roster.change(
            SessionName("shop"),
            lambda session: replace(session, state_since=session.state_since - timedelta(days=2)),
        )
        assert await world.services.sessions.forget_ended() == ["shop"]
        assert world.services.roster.all() == ()


@virtual
async def test_the_key_and_the_line_of_an_interrupt_are_the_agents_own(tmp_path: Path) -> None:
    own = replace(TOY, keys=Keys(interrupt=b"\x03"), busy_line=r"ctrl\+c to stop")
    async with running(World(tmp_path, agents={"toy": own})) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.hears("interrupt shop")
        assert pane.agent.keys == []
        pane.agent.spinner = "… ctrl+c to stop,"
        await world.hears("interrupt shop")
        assert pane.agent.keys == [b"\x03"]
