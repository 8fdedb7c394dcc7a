"""What the web page and the command line can see and do, as the owner."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.errors import NotFound, Refused
from bot.services.surface import OwnersSurface
from tests.support.files import PNG
from tests.support.toy import YES_ALWAYS_NO, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

YES = Decision(Verdict.APPROVE)


def surface(world: World) -> OwnersSurface:
    return world.services.surface


@virtual
async def test_sessions_and_prompts_are_those_that_wait_first(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("api")
        world.asks(world.session("shop"), "make")
        world.session("quiet")
        card = await world.card("make")
        await world.known("api", "shop", "quiet")
        await world.hears("unwatch quiet")
        assert [s.name for s in await surface(world).sessions()] == ["shop", "api"]
        assert [p.code for p in await surface(world).prompts()] == [card.notice.code]
        offered = await surface(world).completions()
        assert {"approve", "shop", card.notice.code} <= set(offered)
        assert await surface(world).ready() == ""


@virtual
async def test_a_decision_is_pressed_and_its_row_returned(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        code = (await world.card("make")).notice.code
        after = await surface(world).decide(code, YES, "Ann")
        assert (after.state, after.decided_name) == (PromptState.CONFIRMED, "Ann")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_who_comes_second_is_refused_and_told(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        code = (await world.card("make")).notice.code
        results = await asyncio.gather(
            *(surface(world).decide(code, YES, f"Person {n}") for n in range(10)),
            return_exceptions=True,
        )
        refused = [result for result in results if isinstance(result, Refused)]
        assert len(refused) == 9
        assert all("settled already" in str(refusal) for refusal in refused)
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_what_was_not_pressed_is_an_error_with_the_reason(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        code = (await world.card("make")).notice.code
        pane.in_mode = True
        with pytest.raises(Refused, match="copy mode"):
            await surface(world).decide(code, YES, "Ann")


@virtual
async def test_a_grant_that_widens_is_asked_back_here_too(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "npm run", rows=YES_ALWAYS_NO)
        code = (await world.card("npm run")).notice.code
        sure = Decision(Verdict.ALWAYS, confirmed=True)
        for decision in (sure, Decision(Verdict.ALWAYS)):
            with pytest.raises(Refused, match=r"grants more.*make \*.*\"confirm\": true"):
                await surface(world).decide(code, decision, "Ann")
        assert pane.agent.keys == []
        settled = await surface(world).decide(code, sure, "Ann")
        assert settled.state is PromptState.CONFIRMED
        assert [how for how, _, _ in pane.agent.done] == ["allow_always"]


@virtual
async def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for look in (
            surface(world).session("shop"),
            surface(world).screen("shop", 5),
            surface(world).prompt("zzzz"),
            surface(world).decide("zzzz", YES, "Ann"),
            surface(world).input("shop", "hello", "Ann"),
            surface(world).stop("shop", False, "Ann"),
        ):
            with pytest.raises(NotFound):
                await look


@virtual
async def test_start_starts_once_and_then_sends(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        at = str(tmp_path)
        first = await surface(world).start("shop", at, "one", "", "", "Ann")
        assert first.ok
        (pane,) = world.tmux.panes_by_id.values()
        pane.agent.busy = False
        second = await surface(world).start("shop", at, "two", "", "", "Ann")
        assert second.ok
        assert pane.agent.said == ["user: one", "user: two"]
        with pytest.raises(Refused, match="there already"):
            await surface(world).start("shop", at, "", "", "", "Ann")


@virtual
async def test_the_screen_is_its_last_lines(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("shop", ToyAgent(said=["one", "two"]))
        await world.known("shop")
        assert await surface(world).screen("shop", 2) == "two\n>\n"


@virtual
async def test_stopping_work_asks_first_and_force_does_not(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await surface(world).stop("shop", False, "Ann")
        assert world.tmux.panes_by_id
        await surface(world).stop("shop", True, "Ann")
        assert not world.tmux.panes_by_id


@virtual
async def test_a_command_that_fails_is_not_ok(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        assert (await surface(world).command("ping", "Ann")).ok
        assert not (await surface(world).command("approve nobody", "Ann")).ok


@virtual
async def test_every_change_wakes_whoever_watches(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        changes = surface(world).changes()
        await anext(changes)
        world.asks(pane, "make")
        async with asyncio.timeout(5):
            await anext(changes)
            while not await surface(world).prompts():
                await anext(changes)


@virtual
async def test_the_owner_lets_people_in_and_out(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        invitation = await surface(world).pair("fake", "terminal")
        await world.phone.says(f"/start {invitation.code}", user="7002", name="Bob")
        await world.soon(lambda: world.services.people.on("fake") or None, "Bob")
        removed = await surface(world).unpair("fake", "7002", "terminal")
        assert (removed.name, world.services.people.on("fake")) == ("Bob", {})
        with pytest.raises(NotFound, match="wingman people lists all"):
            await surface(world).unpair("fake", "7002", "terminal")
        async with world.store.snapshot() as tx:
            actors = {row.event: row.actor for row in await tx.audit.since(None)}
        assert actors["pairing.offered"] == actors["people.removed"] == "cli:owner"
        assert surface(world).has_channel("fake")
        assert not surface(world).has_channel("telegram")


@virtual
async def test_the_screen_as_a_picture(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(said=["hello"]))
        await world.known("shop")
        assert await surface(world).picture("shop", "svg") == PNG
        ((screen, kind),) = world.painter.painted
        assert (kind, "hello" in "".join(screen.ansi or ())) == ("svg", True)
        world.tmux.remove(pane)
        with pytest.raises(NotFound, match="the pane of session 'shop' is gone"):
            await surface(world).picture("shop", "png")


@virtual
async def test_it_is_ready_when_every_pane_has_been_looked_at(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.asks(world.session("shop"), "make")
    world.tmux.blind = True
    async with running(world):
        await world.passes(3)
        assert await surface(world).ready() == "tmux does not answer"
        world.tmux.blind = False
        while await surface(world).ready():
            assert not world.services.roster.live() or not await surface(world).prompts()
            await world.passes(0.01)
        assert [p.session for p in await surface(world).prompts()] == ["shop"]
        world.tmux.blind = True
        await world.sweeps()
        assert await surface(world).ready() == "tmux does not answer"
        world.tmux.blind = False
        await world.sweeps()
        assert await surface(world).ready() == ""
