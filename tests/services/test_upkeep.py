"""What is old and over is forgotten; what waits, and what was decided, is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from inspect import isawaitable
from pathlib import Path

from bot.core.fate import Fate
from bot.core.ids import EventId
from bot.services.upkeep import KEPT, Upkeep
from tests.support.phone import ReportingPhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import World, running

YOUNGER, OLDER = KEPT - timedelta(hours=1), KEPT + timedelta(hours=1)


class Ahead(VirtualClock):
    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


async def prune(world: World, after: timedelta) -> None:
    await Upkeep(world.store, world.chat, Ahead(after)).prune()


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


@virtual
async def test_it_is_part_of_the_hourly_clean_up(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await world.hears("ping")
        ((inbound, _),) = world.phone.receipts
        before = await world.chat.append("hello", None, mine=True)
        world.chat.messages[before.id] = replace(before, at=before.at - OLDER)
        cleaned = world.scheduler.jobs["clean"]()
        assert isawaitable(cleaned)
        await cleaned
        assert not world.chat.messages
        assert not await world.services.inbox.accept(inbound)
