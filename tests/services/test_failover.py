"""Who cannot be reached on one channel any more is told on the others, and everybody hears it."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from bot.core.notices import Notice, NoticeKind, Urgency
from bot.ports.channel import Blocked, Rejected, RetryLater
from tests.support.phone import ANN, FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, running

BOB = "7002"
WHY = "Forbidden: bot was blocked by the user"
GONE = f"Tele does not reach Ann any more: {WHY}"


def tele() -> FakePhone:
    return FakePhone("tele", allowed={ANN: "ann", BOB: "bob"})


def away(phone: FakePhone, address: str = "ann", times: int = 9) -> None:
    phone.fails_at[address] = [Blocked(WHY) for _ in range(times)]


async def _tell(world: World, title: str, urgency: Urgency = Urgency.HELP) -> None:
    notice = Notice(NoticeKind.STATE, title)
    async with world.store.transaction() as tx:
        await world.services.notifier.tell_all(tx, title, notice, urgency)
    world.services.changed()


@virtual
async def test_all_others_hear_it_once_and_nothing_twice(tmp_path: Path) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        await world.phone.says("ping")
        await world.passes(1)
        away(world.phone)
        with capture_logs() as logs:
            for title in ("one", "two", "three"):
                await _tell(world, title)
                await world.passes(5)
        bob = [bubble.notice.title for bubble in world.phone.at("bob")]
        assert sorted(bob) == sorted(["one", GONE, "two", "three"])
        assert sorted(local.titles()) == sorted(["one", GONE, "two", "three"])
        assert [b.notice.title for b in world.phone.at("ann")] == ["pong"]
        assert [e["reason"] for e in logs if e["log_level"] == "error"] == [GONE]


@virtual
async def test_an_answer_nobody_else_was_sent_goes_to_the_other_channels(tmp_path: Path) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        away(world.phone)
        await world.phone.says("ping")
        await world.soon(lambda: "pong" in local.titles() or None, "the answer elsewhere")
        assert "pong" not in [b.notice.title for b in world.phone.at("bob")]


@virtual
async def test_what_is_urgent_behind_it_is_not_tried_and_chatter_is(tmp_path: Path) -> None:
    local = FakePhone("local", allowed={"7": "local"})
    phone = FakePhone("tele", allowed={ANN: "ann"})
    async with running(World(tmp_path, phone=phone, more_channels=(local,))) as world:
        world.phone.fails_at["ann"] = [RetryLater(60, "429"), Blocked(WHY), Blocked(WHY)]
        await _tell(world, "first")
        await world.passes(1)
        for number in range(5):
            await _tell(world, f"urgent {number}")
        await _tell(world, "chatter", Urgency.PROGRESS)
        tries = world.phone.tries
        await world.passes(120)
        assert world.phone.tries == tries + 2
        assert world.phone.at("ann") == []
        assert {f"urgent {number}" for number in range(5)} <= set(local.titles())


@virtual
async def test_who_comes_back_is_told_again_and_may_leave_again(tmp_path: Path) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        await world.phone.says("ping")
        await world.passes(1)
        for title in ("one", "two", "three"):
            away(world.phone, times=0 if title == "two" else 1)
            await _tell(world, title)
            await world.passes(5)
        assert [b.notice.title for b in world.phone.at("ann")] == ["pong", "two"]
        assert local.titles().count(GONE) == 2


@virtual
async def test_a_prompt_reaches_the_others_and_is_answered_there(tmp_path: Path) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        away(world.phone)
        pane = world.session("shop")
        world.asks(pane, "make")
        await world.soon(lambda: local.cards() or None, "a card")
        assert len(local.cards()) == 1
        await local.taps(local.cards()[0], "Approve")
        await world.soon(lambda: pane.agent.keys or None, "a key")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_somebody_who_never_wrote_is_named_by_the_address(tmp_path: Path) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        away(world.phone, "bob")
        await _tell(world, "one")
        text = f"Tele does not reach bob any more: {WHY}"
        await world.soon(lambda: text in local.titles() or None, "the trouble")


@virtual
async def test_a_card_that_is_refused_comes_in_plain_words_and_is_answered_by_typing(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        world.phone.fails = [Rejected("400 BUTTON_DATA_INVALID")]
        pane, card = await world.asked()
        assert "make" in card.text
        assert "BUTTON_DATA_INVALID" in card.text
        assert not card.notice.buttons
        assert "approve shop" in card.notice.footer
        await world.phone.says("approve", card.ref)
        await world.soon(lambda: card.edits or None, "its end")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_what_does_not_pass_in_plain_words_either_is_told_elsewhere_and_only_once(
    tmp_path: Path,
) -> None:
    local = FakePhone("local")
    async with running(World(tmp_path, phone=tele(), more_channels=(local,))) as world:
        for address in ("ann", "bob"):
            world.phone.fails_at[address] = [Rejected("400 no") for _ in range(99)]
        await _tell(world, "one")
        await world.passes(300)
        assert world.phone.bubbles == []
        assert sorted(local.titles()) == [
            "one",
            "✗ Tele did not take a message to ann: one",
            "✗ Tele did not take a message to bob: one",
        ]
        assert len(world.phone.fails_at["ann"]) > 90
