"""What is old and over is forgotten; what waits, and what was decided, is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.approvals import PromptState
from bot.core.fate import Fate
from bot.core.ids import EventId
from bot.core.records import PromptRecord
from bot.services.upkeep import Upkeep
from tests.support.phone import ReportingPhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import World, running

KEPT = timedelta(days=30)
YOUNGER, OLDER = KEPT - timedelta(hours=1), KEPT + timedelta(hours=1)


class Ahead(VirtualClock):
    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


async def prune(world: World, after: timedelta) -> None:
    await Upkeep(world.store, world.chat, world.shelf, Ahead(after), KEPT).prune()


@virtual
async def test_after_thirty_days_messages_are_forgotten_and_the_audit_log_is_not(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        world.asks(pane, "clean up")
        waiting = await world.card("clean up")
        await world.chat.append("hello", None, mine=True)
        await world.phone.says("ping", event="7")
        await world.reply("pong")
        async with world.store.snapshot() as tx:
            audited = await tx.audit.since(None)

        await prune(world, YOUNGER)
        assert world.chat.messages
        assert not await world.services.inbox.accept(world.phone.receipts[-1][0])
        await prune(world, OLDER)
        assert not world.chat.messages
        async with world.store.snapshot() as tx:
            assert await tx.inbox.get("fake", EventId("7")) is None
            assert await tx.audit.since(None) == audited
        await world.phone.says("yes", reply_to=waiting.ref)
        await world.soon(lambda: len(pane.agent.keys) == 2 or None, "the second key")


@virtual
async def test_reports_of_old_messages_are_forgotten(tmp_path: Path) -> None:
    phone = ReportingPhone()
    async with running(World(tmp_path, phone=phone)) as world:
        await phone.reports("SM1", Fate.READ)
        for after, kept in ((YOUNGER, True), (OLDER, False)):
            await prune(world, after)
            async with world.store.snapshot() as tx:
                assert (await tx.reports.get("fake", "SM1") is not None) is kept


async def clean(world: World) -> None:
    await world.does("clean")


@virtual
async def test_it_is_part_of_the_hourly_clean_up(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await world.hears("ping")
        ((inbound, _),) = world.phone.receipts
        before = await world.chat.append("hello", None, mine=True)
        world.chat.messages[before.id] = replace(before, at=before.at - OLDER)
        await clean(world)
        assert not world.chat.messages
        assert not await world.services.inbox.accept(inbound)


@virtual
async def test_an_answered_prompt_goes_with_its_keys_and_its_card(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        world.asks(pane, "clean up")
        await world.card("clean up")
        first, second = await prompts(world)
        await prune(world, OLDER)
        assert [record.id for record in await prompts(world)] == [second.id]
        async with world.store.snapshot() as tx:
            assert not await tx.presses.of(first.id)
            assert not await tx.cards.of(f"prompt:{first.id}")
            assert await tx.cards.of(f"prompt:{second.id}")
        await world.phone.says(f"approve {first.code}", reply_to=card.ref)
        await world.reply(f"No prompt of code {first.code} is known")


async def prompts(world: World) -> tuple[PromptRecord, ...]:
    async with world.store.snapshot() as tx:
        return await tx.prompts.in_states(frozenset(PromptState))


@virtual
async def test_files_go_unless_a_text_on_its_way_tells_of_them(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.phone.sends(("a.txt", b"1"), caption="tell shop first")
        await world.soon(lambda: pane.agent.said or None, "the first file")
        world.asks(pane, "make")
        await world.card("make")
        await world.phone.sends(("b.txt", b"2"), caption="tell shop second")
        await world.reply("Queued")
        delivered, queued = world.shelf.files
        world.shelf.put_at = dict.fromkeys(world.shelf.files, world.clock.now())
        await prune(world, YOUNGER)
        assert list(world.shelf.files) == [delivered, queued]
        await prune(world, OLDER)
        assert list(world.shelf.files) == [queued]


@virtual
async def test_what_was_written_to_a_card_goes_when_it_is_answered(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, card = await world.asked()
        await world.phone.says("use pnpm instead", reply_to=card.ref)
        await world.reply("use pnpm instead")
        await clean(world)
        assert len(await kept_words(world)) == 1
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        await clean(world)
        assert not await kept_words(world)


async def kept_words(world: World) -> tuple[str, ...]:
    async with world.store.snapshot() as tx:
        return await tx.meta.keys("words:")


@virtual
async def test_an_alarm_that_is_over_leaves_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for text, kept in (("no network", 1), ("", 0)):
            await world.phone.raises("network", text)
            async with world.store.snapshot() as tx:
                assert len(await tx.meta.keys("alarm:")) == kept
