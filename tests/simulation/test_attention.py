"""Simulated days against tables of what comes to whom, when, and whether it rings."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.attention.hours import window
from bot.core.attention.rules import Rules
from tests.support.day import Day
from tests.support.virtual import virtual

NIGHT = Rules(zone=ZoneInfo("UTC"), quiet=window("22-07"))


@virtual
async def test_a_day_and_a_night(tmp_path: Path) -> None:
    day = Day(tmp_path, NIGHT, phones=("ann", "desk"))
    await day.runs("""
        08:00  shop asks make
        08:00      ann    rings   🔒 Session 'shop' needs approval
        08:00      desk   rings   🔒 Session 'shop' needs approval
        08:02      ann    rings   ⏳ Session 'shop' still waits (2 min)
        08:02      desk   rings   ⏳ Session 'shop' still waits (2 min)
        08:06      ann    rings   ⏳ Session 'shop' still waits (6 min)
        08:06      desk   rings   ⏳ Session 'shop' still waits (6 min)
        08:10  shop answered
        12:00  shop done
        12:00      ann    rings   done shop
        12:00      desk   rings   done shop
        21:55  api asks npm test
        21:55      ann    rings   🔒 Session 'api' needs approval
        21:55      desk   rings   🔒 Session 'api' needs approval
        21:57      ann    rings   ⏳ Session 'api' still waits (2 min)
        21:57      desk   rings   ⏳ Session 'api' still waits (2 min)
        22:01      desk   rings   ⏳ Session 'api' still waits (6 min)
        22:05  api answered
        23:00  shop asks deploy
        23:00      desk   rings   🔒 Session 'shop' needs approval
        23:02      desk   rings   ⏳ Session 'shop' still waits (2 min)
        23:05  shop answered
        23:30  shop done
        23:30      desk   rings   done shop
        01:00  api fails
        01:00      ann    rings   fails api
        01:00      desk   rings   fails api
        02:00  api asks rm -rf build
        02:00      desk   rings   🔒 Session 'api' needs approval
        02:02      desk   rings   ⏳ Session 'api' still waits (2 min)
        02:06      desk   rings   ⏳ Session 'api' still waits (6 min)
        02:10      ann    rings   🔒 Session 'api' needs approval
        02:12  api answered
        07:00      ann    rings   done shop
        08:00  end
    """)
