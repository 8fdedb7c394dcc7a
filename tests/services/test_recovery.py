"""The table of docs/explanation/exactly-once.md, row by row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.ids import Code, PaneKey
from bot.core.press import Outcome, Press, PressResult
from bot.core.records import PressState, PromptRecord
from tests.support.faketmux import FakePane, FakeTmux
from tests.support.phone import Bubble
from tests.support.virtual import virtual
from tests.support.world import World, ledger, running


@dataclass
class LastBreath:
    """A keyboard at which the program dies: before its key went in, or after."""

    tmux: FakeTmux
    goes_in: bool
    lets: int = 0
    """How many keys it takes before that one."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def press(self, press: Press) -> PressResult:
        if self.lets > 0:
            self.lets -= 1
            return await self.tmux.press(press)
        if self.goes_in:
            await self.tmux.press(press)
        self.reached.set()
        await asyncio.Event().wait()
        return PressResult(Outcome.UNKNOWN)

    async def marker(self, pane: PaneKey) -> str | None:
        return await self.tmux.marker(pane)


@dataclass
class Crash:
    world: World
    pane: FakePane
    card: Bubble
    code: Code

    @property
    def keys(self) -> list[bytes]:
        return self.pane.agent.keys

    async def record(self) -> PromptRecord:
        found = await self.world.services.approvals.by_code(self.code)
        assert found is not None
        return found


async def crashed(
    path: Path, *, goes_in: bool, says: str = "approve {}", after_keys: int = 0
) -> Crash:
    """A gateway that died in the middle of a key; with an approval, of the deciding one."""
    world = World(path)
    keyboard = LastBreath(world.tmux, goes_in, after_keys)
    world.keyboard = keyboard
    async with running(world):
        pane = world.session("shop")
        world.asks(pane, "make")
        card = await world.card("make")
        code = Code(card.notice.code)
        await world.phone.says(says.format(code))
        await keyboard.reached.wait()
    world.keyboard = None
    return Crash(world, pane, card, code)


async def set_back(crash: Crash, change: Callable[[PromptRecord], PromptRecord]) -> None:
    """What the ledger would say after a crash at another point."""
    async with running_store(crash.world) as world, world.store.transaction() as tx:
        record = await tx.prompts.by_code(crash.code)
        assert record is not None
        await tx.prompts.replace(change(record))


@asynccontextmanager
async def running_store(world: World) -> AsyncIterator[World]:
    async with ledger(world.path) as store:
        world.store = store
        yield world


@virtual
async def test_decided_goes_on_within_thirty_seconds(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=False)
    await set_back(crash, lambda record: replace(record, state=PromptState.DECIDED))
    async with running(crash.world) as world:
        await world.reply("approved (once)")
        assert (await crash.record()).state is PromptState.CONFIRMED
    assert crash.keys == [b"\r"]


@virtual
async def test_decided_too_long_ago_is_refused_and_said(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=False)
    await crash.world.passes(31)
    async with running(crash.world) as world:
        await world.reply("it came too late")
        assert (await crash.record()).state is PromptState.REFUSED
        again = await world.card("make")
        assert again.notice.code != crash.code
    assert crash.keys == []


@virtual
async def test_a_key_whose_marker_is_there_went_in(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=True)
    async with running(crash.world) as world:
        await world.reply("approved (once)")
        assert (await crash.record()).state is PromptState.CONFIRMED
    assert crash.keys == [b"\r"]


@virtual
@pytest.mark.parametrize("goes_in", [False, True], ids=["before it went in", "after it went in"])
@pytest.mark.parametrize("key", range(4), ids=["arrow", "tab", "text", "enter"])
async def test_a_reason_half_written_is_brought_to_its_end(
    tmp_path: Path, key: int, goes_in: bool
) -> None:
    crash = await crashed(tmp_path, goes_in=goes_in, says="deny {} use pnpm", after_keys=key)
    async with running(crash.world) as world:
        await world.reply("✓ Session 'shop' denied")
        assert (await crash.record()).state is PromptState.CONFIRMED
    assert crash.pane.agent.done == [("deny", "make", "use pnpm")]
    assert crash.keys == [b"\x1b[B", b"\t", b"use pnpm", b"\r"]


@virtual
async def test_what_a_person_wrote_into_the_field_meanwhile_is_not_sent_as_ours(
    tmp_path: Path,
) -> None:
    crash = await crashed(tmp_path, goes_in=True, says="deny {} use pnpm", after_keys=2)
    crash.pane.agent.typed = "no idea"
    async with running(crash.world) as world:
        await world.reply("the text did not arrive whole")
    assert crash.pane.agent.done == []


@virtual
async def test_a_key_that_went_in_without_a_reaction_is_told_so(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=True)
    crash.pane.agent.ask("make")
    crash.pane.agent.done.clear()
    async with running(crash.world) as world:
        await world.reply("key sent, the agent did not react")
    assert crash.keys == [b"\r"]


@virtual
async def test_a_key_without_its_marker_is_tried_again_under_the_same_id(
    tmp_path: Path,
) -> None:
    crash = await crashed(tmp_path, goes_in=False)
    ids: list[str] = []
    crash.world.tmux.before_press = lambda press: ids.append(press.guard.press)
    async with running(crash.world) as world:
        await world.reply("approved (once)")
        record = await crash.record()
        async with world.store.snapshot() as tx:
            (row,) = await tx.presses.of(record.id)
    assert ids == [row.id]
    assert row.state is PressState.APPLIED
    assert crash.keys == [b"\r"]


@virtual
async def test_a_request_of_the_dead_program_that_arrives_late_adds_no_second_key(
    tmp_path: Path,
) -> None:
    crash = await crashed(tmp_path, goes_in=False)

    def overtakes(press: Press) -> None:
        pane = crash.pane
        pane.marker = press.guard.press
        pane.agent.feed(press.data)

    crash.world.tmux.before_press = overtakes
    async with running(crash.world) as world:
        await world.reply("approved (once)")
    assert crash.keys == [b"\r"]


@virtual
async def test_an_unknown_outcome_that_was_not_told_yet_keeps_its_id(tmp_path: Path) -> None:
    """Between the lost answer and the ledger's conclusion the program died."""
    crash = await crashed(tmp_path, goes_in=False)
    async with running_store(crash.world) as world, world.store.transaction() as tx:
        record = await tx.prompts.by_code(crash.code)
        assert record is not None
        (row,) = await tx.presses.of(record.id)
        await tx.presses.advance(row.id, PressState.UNKNOWN)
    ids: list[str] = []
    crash.world.tmux.before_press = lambda press: ids.append(press.guard.press)
    async with running(crash.world) as world:
        await world.reply("approved (once)")
    assert ids == [row.id]


def closes(crash: Crash) -> None:
    crash.world.tmux.remove(crash.pane)


def restarts(crash: Crash) -> None:
    crash.world.tmux.die()
    crash.world.tmux.add("shop", crash.pane.agent)


@pytest.mark.parametrize("goes_in", [True, False])
@pytest.mark.parametrize("ends", [closes, restarts])
@virtual
async def test_an_attempt_on_a_pane_that_is_gone_is_told_as_not_known(
    tmp_path: Path, ends: Callable[[Crash], None], goes_in: bool
) -> None:
    crash = await crashed(tmp_path, goes_in=goes_in)
    before = list(crash.keys)
    ends(crash)
    async with running(crash.world) as world:
        await world.reply("Not known whether the key went in")
        assert (await crash.record()).state is PromptState.UNKNOWN
        await world.passes(40)
    assert crash.keys == before


@virtual
async def test_a_decision_whose_pane_is_gone_is_refused(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=False)
    await set_back(crash, lambda record: replace(record, state=PromptState.DECIDED))
    crash.world.tmux.remove(crash.pane)
    async with running(crash.world) as world:
        await world.reply("Not pressed")
        assert (await crash.record()).state is PromptState.REFUSED


@virtual
async def test_applied_is_confirmed_by_the_screen(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=True)
    await set_back(crash, lambda record: replace(record, state=PromptState.APPLIED))
    async with running(crash.world) as world:
        await world.reply("approved (once)")
    assert crash.keys == [b"\r"]


@virtual
async def test_another_dialog_at_that_place_gets_no_key(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=False)
    crash.pane.agent.asks[0] = ("rm -rf /", crash.pane.agent.asks[0][1])
    async with running(crash.world) as world:
        await world.card("rm -rf /")
        await world.reply("the screen is not the one you saw")
    assert crash.keys == []


@virtual
async def test_what_was_told_before_is_not_taken_up_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        pane = world.session("shop")
        world.asks(pane, "make")
        await world.phone.taps(await world.card("make"), "Approve")
        await world.reply("approved (once)")
    async with running(world):
        assert await world.services.recovery.run() == 0
        await world.passes(10)
    assert pane.agent.keys == [b"\r"]
    assert len(world.phone.replies()) == 1


@virtual
async def test_a_tmux_that_does_not_answer_at_the_start_is_asked_for_a_while(
    tmp_path: Path,
) -> None:
    crash = await crashed(tmp_path, goes_in=True)
    crash.world.tmux.blind = True

    def sees_again() -> None:
        crash.world.tmux.blind = False

    asyncio.get_running_loop().call_later(2.5, sees_again)
    async with running(crash.world) as world:
        await world.reply("approved (once)")
    assert crash.keys == [b"\r"]


@virtual
async def test_a_tmux_that_never_answers_leaves_it_unknown(tmp_path: Path) -> None:
    crash = await crashed(tmp_path, goes_in=True)
    crash.world.tmux.blind = True
    async with running(crash.world) as world:
        await world.reply("Not known whether the key went in")


@virtual
async def test_a_text_on_its_way_is_judged_before_a_key_hides_its_marker(
    tmp_path: Path,
) -> None:
    """A text was typed, and a dialog that had been away came back with its decision waiting."""
    world = World(tmp_path)
    keyboard = LastBreath(world.tmux, goes_in=True)
    world.keyboard = keyboard
    async with running(world):
        pane, card = await world.asked("make")
        pane.agent.asks.clear()
        await world.phone.says("tell shop run")
        await keyboard.reached.wait()
        await world.phone.taps(card, "Approve")
        await world.passes(1)
        pane.agent.ask("make")
        pane.agent.draft = ""
    world.keyboard = None
    async with running(world):
        await world.reply("approved (once)")
        await world.passes(60)
    assert pane.agent.keys == [b"run", b"\r"]
    assert any("Not known whether 'shop' got it" in title for title in world.phone.titles())


@virtual
async def test_a_decision_that_broke_off_is_ended_without_a_restart(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        async with world.store.transaction() as tx:
            record = await tx.prompts.by_code(Code(card.notice.code))
            assert record is not None
            decision = Decision(Verdict.APPROVE)
            at = world.clock.now()
            broken = replace(record, state=PromptState.DECIDED, decision=decision, decided_at=at)
            await tx.prompts.replace(broken)
        await world.passes(50)
        await world.sweeps()
        assert "needs approval" in card.notice.title
        await world.passes(20)
        await world.sweeps()
        await world.soon(lambda: "Not pressed" in card.text or None, "how it ended")
        again = await world.card("make")
        await world.phone.taps(again, "Approve")
        await world.reply("approved (once)")
    assert pane.agent.keys == [b"\r"]
