"""What people say about being told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.attention.rules import EVERYBODY, Rules
from bot.core.decisions import Principal
from bot.core.errors import Refused
from tests.support.attention import Calendar, Diary, Team, diary, team
from tests.support.virtual import virtual

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OWNER = Principal("cli", "owner", "Owner", "")


@asynccontextmanager
async def one(folder: Path, rules: Rules | None = None) -> AsyncIterator[tuple[Team, Diary]]:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    async with team(folder, rules or Rules(zone=UTC), clock, (ann,)) as life:
        yield life, ann


@virtual
async def test_unmute_brings_what_was_held_at_once(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, ann):
        until = await life.steering.mute("shop", 3600, life.ann())
        assert until == NOON + timedelta(hours=1)
        assert life.steering.muted == ("shop",)
        await life.asks("shop")
        await life.settles()
        assert ann.came == []
        assert await life.steering.unmute("shop")
        await life.settles()
        assert len(ann.came) == 1
        assert not await life.steering.unmute("shop")


@pytest.mark.parametrize("span", [0, 29, 8 * 86400])
def test_odd_spans_are_refused(tmp_path: Path, span: int) -> None:
    @virtual
    async def check() -> None:
        async with one(tmp_path) as (life, _):
            with pytest.raises(Refused, match="30 s to 7 days"):
                await life.steering.mute("shop", span, life.ann())

    check()


@virtual
async def test_a_snooze_moves_the_reminder(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, _):
        record = await life.asks("shop")
        until = await life.steering.snooze(record, 1800, life.ann())
        assert (await life.prompt("shop")).remind_at == until
        assert life.steering.snoozed == (record.code,)
        assert await life.steering.wake(record)
        assert not await life.steering.wake(record)
        assert (await life.prompt("shop")).remind_at == life.clock.now()
        await life.answers("shop")
        with pytest.raises(Refused, match="does not wait any more"):
            await life.steering.snooze(record, 1800, life.ann())


@virtual
async def test_quiet_hours_are_one_s_own_except_at_the_machine(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, _):
        steering, ann = life.steering, life.ann()
        assert str(await steering.quiet("22-07", ann, everybody=False)) == "22:00-07:00"
        assert steering.hours(OWNER) is None
        await steering.quiet("21-06", OWNER, everybody=False)
        assert set(life.attention.standing.quiet) == {"ann:ann-id", EVERYBODY}
        assert str(steering.hours(OWNER)) == "21:00-06:00"
        assert await steering.quiet("off", ann, everybody=False) is None
        assert steering.hours(ann) is None
        with pytest.raises(Refused, match="22-07"):
            await steering.quiet("late", ann, everybody=False)
        assert steering.lets() == "It rings for approvals older than 10 min and errors."


@virtual
async def test_another_interval_counts_for_what_waits_already(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, _):
        await life.asks("shop")
        await life.steering.remind(300)
        assert life.steering.interval == timedelta(minutes=5)
        assert (await life.prompt("shop")).remind_at == NOON + timedelta(minutes=5)
        await life.steering.remind(0)
        assert (await life.prompt("shop")).remind_at == NOON + timedelta(minutes=2)


@virtual
async def test_why_line_by_line(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, _):
        await life.steering.mute("shop", 600, life.ann())
        record = await life.asks("shop")
        await life.clock.sleep(60)
        assert (await life.steering.explain(record)).splitlines() == [
            f"{record.code}: session 'shop' waits since 12:00:00 (1 min)",
            "12:00:00  Ann: card held: session 'shop' was muted by Ann, until 12:10:00",
            "Now held for Ann: session 'shop' was muted by Ann, until 12:10:00",
            "Next reminder: 12:02:00, in 1 min",
        ]
        await life.steering.unmute("shop")
        await life.settles()
        assert (await life.steering.explain(record)).splitlines()[2:] == [
            "12:01:00  Ann: card sent: no longer held: session 'shop' was muted by Ann",
            "12:01:00  Ann: card sent",
            "Nothing holds it now.",
            "Next reminder: 12:02:00, in 59 s",
        ]


@virtual
async def test_the_rules_at_a_glance(tmp_path: Path) -> None:
    async with one(tmp_path) as (life, _):
        await life.steering.mute("shop", 600, life.ann())
        lines = life.steering.overview(life.ann()).splitlines()
        assert lines[:3] == [
            "Reminders: first after 2 min, then ever less often, to every 30 min",
            "Quiet hours: none",
            "Muted: shop until 01 Jun 12:10, by Ann",
        ]
