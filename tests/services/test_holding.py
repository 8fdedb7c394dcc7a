"""What was held comes in the end: by itself, or with others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.attention.rules import Rules
from tests.support.attention import Calendar, Diary, diary, team
from tests.support.virtual import virtual

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def titles(phone: Diary) -> list[str]:
    return [notice.title for _, notice in phone.came]


@virtual
async def test_few_come_one_by_one_and_many_as_a_list(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    for count, expected in ((3, 3), (4, 1)):
        ann.came.clear()
        async with team(tmp_path / str(count), Rules(), clock, (ann,)) as life:
            for n in range(count):
                await life.steering.mute(f"s{n}", 600, life.ann())
                await life.asks(f"s{n}")
            await life.steering.remind(3600)
            await clock.sleep(601)
            await life.attends()
            await life.settles()
        assert len(ann.came) == expected
    assert titles(ann) == ["📥 4 more waiting"]
    codes = [line.split()[0] for line in ann.came[0][1].parts[0].text.splitlines()]
    assert len(set(codes)) == 4


@virtual
async def test_a_held_reminder_says_how_long_it_is_when_it_comes(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    async with team(tmp_path, Rules(), clock, (ann,)) as life:
        await life.asks("shop")
        await life.settles()
        await life.steering.mute("shop", 3600, life.ann())
        for _ in range(61):
            await clock.sleep(60)
            await life.attends()
        await life.settles()
    assert titles(ann)[1:] == ["⏳ Session 'shop' still waits (60 min)"]


@virtual
async def test_nothing_is_sent_twice_by_a_restart_in_the_middle(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    rules = Rules(dwell=timedelta(seconds=10), remind=timedelta(hours=1))
    async with team(tmp_path, rules, clock, (ann,)) as life:
        await life.asks("shop")
        await clock.sleep(11)
        await life.attends()
    for _ in range(2):
        async with team(tmp_path, rules, clock, (ann,)) as life:
            await life.attends()
            await life.settles()
    assert titles(ann) == ["🔒 Session 'shop' needs approval"]
