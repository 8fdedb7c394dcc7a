"""A day with agents and phones as a table: what happens, and what then comes to whom.

    09:00  shop asks make
    09:00      ann    rings   🔒 Session 'shop' needs approval

Lines with a phone and ``rings`` or ``silent`` are expected; the others happen. Times are local
ones of the day's zone; an earlier time is one of the next day.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.attention.rules import Rules
from tests.support.attention import Calendar, Diary, Machine, Team, diary, team

_EXPECTED = re.compile(r"(\d\d:\d\d)\s+(\w+)\s+(rings|silent)\s+(.+)")
_HAPPENS = re.compile(r"(\d\d:\d\d)(?::(\d\d))?\s+(\S+)\s*(\w*)\s*(.*)")
_LEAST = timedelta(seconds=1)


class Day:
    """``begins`` is in UTC; the commands in the table are ann's."""

    def __init__(
        self,
        folder: Path,
        rules: Rules,
        begins: datetime = datetime(2026, 6, 1, 6, 0, tzinfo=UTC),
        zone: str = "UTC",
        phones: Sequence[str] = ("ann",),
    ) -> None:
        self._folder, self._rules, self._zone = folder, rules, ZoneInfo(zone)
        self._clock = Calendar(begins)
        self.phones: tuple[Diary, ...] = tuple(diary(name, self._clock) for name in phones)
        self._machine = Machine()

    async def runs(self, table: str) -> None:
        """Compares the table with what came."""
        lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
        expected = [" ".join(line.split()) for line in lines if _EXPECTED.fullmatch(line)]
        happens = [line for line in lines if not _EXPECTED.fullmatch(line)]
        while happens:
            async with team(
                self._folder, self._rules, self._clock, self.phones, self._machine
            ) as life:
                await self._live(life, happens)
        came = self._came()
        assert came == expected, "\n".join(difflib.ndiff(expected, came))

    def _came(self) -> list[str]:
        everything = [(at, p.id, notice) for p in self.phones for at, notice in p.came]
        return [
            f"{at.astimezone(self._zone):%H:%M} {who} "
            f"{'silent' if notice.silent else 'rings'} {notice.title}"
            for at, who, notice in sorted(everything, key=lambda one: one[0])
        ]

    async def _live(self, life: Team, happens: list[str]) -> None:
        """Until the end, or a restart."""
        while happens:
            found = _HAPPENS.fullmatch(happens.pop(0))
            assert found is not None
            at, seconds, who, verb, words = found.groups()
            await self._until(life, at, int(seconds or 0))
            if who == "restart":
                return
            if who == "stopped":
                # nothing is looked at until the next line
                next_ = _HAPPENS.fullmatch(happens[0])
                assert next_ is not None
                left = self._moment(next_[1], int(next_[2] or 0)) - self._clock.now()
                await self._clock.sleep(left.total_seconds())
                return
            for name in _names(who):
                await self._do(life, name, verb, words)
            await life.settles()

    def _moment(self, at: str, second: int) -> datetime:
        hour, minute = map(int, at.split(":"))
        local = self._clock.now().astimezone(self._zone).replace(tzinfo=None)
        target = local.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if target < local - timedelta(minutes=1):
            target += timedelta(days=1)
        return target.replace(tzinfo=self._zone).astimezone(UTC)

    async def _until(self, life: Team, at: str, second: int) -> None:
        moment = self._moment(at, second)
        while self._clock.now() < moment:
            due = max(await life.due(moment), self._clock.now() + _LEAST)
            await self._clock.sleep((min(due, moment) - self._clock.now()).total_seconds())
            await life.attends()
            await life.settles()

    async def _do(self, life: Team, who: str, verb: str, words: str) -> None:
        steering, by = life.steering, life.ann()
        match who, verb:
            case "end", _:
                return
            case _, "asks":
                await life.asks(who, words)
            case _, "answered":
                await life.answers(who)
            case _, "typed":
                self._machine.keys[life.session(who).pane.pane] = self._clock.now()
                await life.attends()
            case "mute", _:
                await steering.mute(verb, float(words) * 60, by)
            case "unmute", _:
                await steering.unmute(verb)
            case "snooze", _:
                await steering.snooze(await life.prompt(verb), float(words) * 60, by)
            case "remind", _:
                await steering.remind(float(verb) * 60)
            case "quiet", _:
                await steering.quiet(verb + words, by, everybody=False)
            case _:
                await life.tells(who, verb)


def _names(who: str) -> list[str]:
    """``shop``, or ``s1..300`` for so many."""
    stem, many, last = who.partition("..")
    return [f"{stem[:-1]}{n}" for n in range(1, int(last) + 1)] if many else [who]
