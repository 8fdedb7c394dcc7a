"""What people send is kept before it is acknowledged, and has its effect once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.decisions import Inbound
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind
from bot.core.records import InboxState
from bot.ports.channel import Parked
from bot.services.inbox import Inbox
from tests.support.phone import ANN, Bubble, FakePhone
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


def inbound(text: str, event: str = "1", user: str = ANN) -> Inbound:
    return Inbound("fake", EventId(event), user, "Ann", f"chat-{user}", text)


async def states(world: World) -> dict[str, InboxState]:
    async with world.store.snapshot() as tx:
        rows = [row for state in InboxState for row in await tx.inbox.in_state(state)]
    return {row.inbound.event: row.state for row in rows}


@virtual
async def test_it_is_in_the_ledger_when_accept_returns(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        inbox: Inbox = world.services.inbox
        assert await inbox.accept(inbound("ping"))
        assert "1" in await states(world)


@virtual
async def test_what_was_accepted_and_not_begun_is_handled_after_a_restart(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    async with running(world):
        pass
    async with running(world):
        await world.services.inbox.accept(inbound("ping"))
        async with world.store.transaction() as tx:
            await tx.inbox.advance("fake", EventId("1"), InboxState.RUNNING)
    assert world.phone.replies() == []
    async with running(world):
        await world.reply("pong")
        assert await states(world) == {"1": InboxState.DONE}


@virtual
async def test_a_second_copy_is_nothing_new(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        accept = world.services.inbox.accept
        assert [await accept(inbound("ping")) for _ in range(3)] == [True, False, False]
        await world.passes(5)
        assert len(world.phone.replies()) == 1


@virtual
async def test_events_of_two_channels_are_two_even_if_their_ids_are_the_same(
    tmp_path: Path,
) -> None:
    other = FakePhone("other")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.phone.says("tell shop one", event="12")
        await world.reply("Delivered")
        await other.says("tell shop two", event="12")
        await world.soon(lambda: other.replies() or None, "an answer")
        assert pane.agent.said == ["user: one", "user: two"]


@dataclass
class Poison:
    """A command's own mistake."""

    text: str

    async def handle(self, *arguments: object) -> None:
        raise KeyError(self.text)


@virtual
async def test_a_message_that_breaks_a_command_hurts_no_other(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        inbox = world.services.inbox
        real = inbox._dispatch
        inbox._dispatch = Poison("boom")  # type: ignore[assignment]
        with capture_logs() as logs:
            await world.phone.says("poison", event="1")
            await world.reply("Something went wrong inside Wingman")
        inbox._dispatch = real
        await world.phone.says("ping", event="2")
        await world.reply("pong")
        assert await states(world) == {"1": InboxState.REJECTED, "2": InboxState.DONE}
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
            "inbox.failed"
        ]


ODD = ("", "\x00", "\ud800", "/" * 9000, "approve " + "x" * 70_000, "👩\u200d👧")


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
@virtual
async def test_any_text_gets_an_answer_and_the_next_one_too(tmp_path: Path, text: str) -> None:
    async with running(World(tmp_path)) as world:
        await world.phone.says(text)
        await world.phone.says("ping")
        await world.reply("pong")
        assert len(world.phone.replies()) == 2


@virtual
async def test_a_stranger_has_no_effect_and_gets_no_answer(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "make")
        card = await world.card("make")
        shown = len(world.phone.bubbles)
        for number, text in enumerate(
            (card.button("Approve"), "ping", "tell shop hello", "unwatch shop", "stop shop yes")
        ):
            await world.phone.says(text, event=f"s{number}", user="666", name="Ann")
        await world.phone.says("yes", event="s9", user="666", reply_to=card.ref)
        await world.passes(10)

        assert pane.agent.keys == []
        assert len(world.phone.bubbles) == shown
        assert set(await states(world)) == set()
        assert world.services.roster.require("shop").watched


@virtual
async def test_messages_are_begun_in_the_order_of_their_arrival(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        for number in range(10):
            await world.phone.says(f"tell shop {number}")
        pane.agent.busy = False
        world.tmux.wrote(pane)
        await world.soon(lambda: len(pane.agent.said) == 10 or None, "ten texts")
        assert pane.agent.said == [f"user: {number}" for number in range(10)]


@virtual
async def test_a_command_that_takes_long_holds_up_no_other(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent())
        world.asks(pane, "make")
        card = await world.card("make")
        async with world.services.roster.lock(pane.key):
            await world.phone.taps(card, "Approve")
            await world.phone.says("ping")
            await world.reply("pong")
            assert pane.agent.keys == []
        await world.reply("approved (once)")


@virtual
async def test_the_answer_goes_where_the_message_came_from(tmp_path: Path) -> None:
    phone = FakePhone(allowed={ANN: "anns", "7002": "bobs"})
    async with running(World(tmp_path, phone=phone)) as world:
        await phone.says("ping", user="7002")
        answer = await world.reply("pong")
        assert answer.address == "bobs"


@virtual
async def test_a_tap_that_settled_a_prompt_is_answered_by_a_toast(tmp_path: Path) -> None:
    async with running(World(tmp_path, phone=FakePhone(toasts=True))) as world:
        pane, card = await world.asked()
        await world.phone.taps(card, "Approve")
        await world.soon(lambda: world.phone.receipts or None, "a receipt")
        ((tap, reply),) = world.phone.receipts
        assert tap.receipt
        assert reply is not None
        assert reply.title == "✓ Session 'shop' approved (once)"
        await world.soon(lambda: card.edits or None, "the card's end")
        await world.passes(10)
        assert world.phone.replies() == []
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_a_tap_that_was_refused_is_answered_by_a_message(tmp_path: Path) -> None:
    async with running(World(tmp_path, phone=FakePhone(toasts=True))) as world:
        _, card = await world.asked()
        approve = card.button("Approve")
        for receipt in ("tap-1", "tap-2"):
            await world.phone.says(approve, card.ref, tapped=True, receipt=receipt)
            await world.passes(5)
        assert [b.notice.kind for b in world.phone.replies()] == [NoticeKind.TROUBLE]
        assert len(world.phone.receipts) == 2


@virtual
async def test_an_answer_names_what_it_answers_and_the_answer_to_a_tap_does_not(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        _, card = await world.asked()
        await world.phone.says("ping", receipt="4711")
        assert (await world.reply("pong")).notice.answers == "4711"
        approve = card.button("Approve")
        for receipt in ("tap-1", "tap-2"):
            await world.phone.says(approve, card.ref, tapped=True, receipt=receipt)
            await world.passes(5)
        assert (await world.reply("settled already")).notice.answers == ""


@virtual
async def test_a_card_nobody_knows_of_is_one_once_it_was_tapped(tmp_path: Path) -> None:
    """Sent, and then the program ended before it could say so."""
    async with running(World(tmp_path)) as world:
        _, card = await world.asked()
        lost = Bubble("lost", card.notice, address=card.address)
        world.phone.bubbles.append(lost)
        await world.phone.taps(lost, "Approve")
        await world.soon(lambda: (lost.edits and card.edits) or None, "the end of both")
        assert lost.notice.kind is card.notice.kind is NoticeKind.CLOSED


@virtual
async def test_a_card_nobody_knew_of_is_closed_by_a_tap_that_came_too_late(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        lost = Bubble("lost", card.notice, address=card.address)
        world.phone.bubbles.append(lost)
        await world.phone.taps(card, "Approve")
        await world.soon(lambda: card.edits or None, "its end")
        await world.passes(5)
        assert lost.edits == 0
        await world.phone.taps(lost, "Deny")
        await world.soon(lambda: lost.edits or None, "the end of the other one")
        assert lost.notice == card.notice
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_words_and_taps_that_name_no_prompt_make_no_card(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, card = await world.asked()
        other = Bubble("other", card.notice, address=card.address)
        world.phone.bubbles.append(other)
        await world.phone.says(card.button("Approve"), other.ref)
        await world.phone.says("status shop", other.ref, tapped=True)
        await world.soon(lambda: card.edits or None, "its end")
        await world.passes(5)
        assert other.edits == 0


@virtual
async def test_typed_words_get_a_receipt_and_an_answer_and_strangers_neither(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        await world.phone.says("ping", user="666")
        await world.hears("ping")
        assert [inbound.user for inbound, _ in world.phone.receipts] == [ANN]


class Brittle(FakePhone):
    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        raise KeyError("a mistake of the channel's")


@virtual
async def test_a_receipt_that_breaks_its_channel_stops_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path, phone=Brittle())) as world:
        with capture_logs() as logs:
            await world.hears("ping")
            await world.hears("ping")
        assert "inbox.no_receipt" in [entry["event"] for entry in logs]


@virtual
async def test_whoever_writes_gets_at_once_what_waited_for_that(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.phone.fails = [Parked("closed")]
        await world.phone.says("ping")
        await world.passes(30)
        assert world.phone.replies() == []
        await world.phone.says("whoami")
        await world.passes(5)
        assert len(world.phone.replies()) == 2
