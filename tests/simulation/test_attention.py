"""Simulated days against tables of what comes to whom, when, and whether it rings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


@virtual
async def test_who_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    rules = Rules(
        escalate_after=timedelta(minutes=10), escalate_to=("ann", "bob"), remind=timedelta(hours=1)
    )
    day = Day(tmp_path, rules, phones=("ann", "bob", "eve"))
    await day.runs("""
        08:00  shop asks make
        08:00      ann    rings   🔒 Session 'shop' needs approval
        08:05  shop done
        08:05      ann    rings   done shop
        08:06  api fails
        08:06      ann    rings   fails api
        08:06      bob    rings   fails api
        08:06      eve    rings   fails api
        08:10      bob    rings   🔒 Session 'shop' needs approval
        08:15  shop answered
        09:00  shop asks deploy
        09:00      ann    rings   🔒 Session 'shop' needs approval
        09:09  shop answered
        10:00  end
    """)


@virtual
async def test_who_types_there_is_not_paged(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(), phones=("ann", "desk"))
    await day.runs("""
        08:00     shop done
        08:00         ann    rings   done shop
        08:00         desk   rings   done shop
        08:10:00  shop typed
        08:10:05  shop asks make
        08:10         desk   silent  🔒 Session 'shop' needs approval
        08:10:10  shop answered
        08:11:00  shop typed
        08:11:50  shop typed
        08:11:55  shop asks deploy
        08:11         desk   silent  🔒 Session 'shop' needs approval
        08:12         ann    rings   🔒 Session 'shop' needs approval
        08:13     shop answered
        08:14:00  shop typed
        08:14:05  api asks deploy
        08:14         ann    rings   🔒 Session 'api' needs approval
        08:14         desk   rings   🔒 Session 'api' needs approval
        08:15     api answered
        09:00     end
    """)


@virtual
async def test_mute_and_snooze_and_another_interval(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules())
    await day.runs("""
        08:00  mute shop 60
        08:10  shop asks make
        08:11  shop progress
        08:20  api asks npm test
        08:20      ann    rings   🔒 Session 'api' needs approval
        08:21  snooze api 40
        09:00      ann    rings   🔒 Session 'shop' needs approval
        09:01      ann    rings   ⏳ Session 'api' still waits (41 min)
        09:02  shop answered
        09:03  api answered
        10:00  remind 5
        10:01  shop asks make
        10:01      ann    rings   🔒 Session 'shop' needs approval
        10:06      ann    rings   ⏳ Session 'shop' still waits (5 min)
        10:07  shop answered
        11:00  end
    """)


@virtual
async def test_what_was_held_over_night_comes_as_a_list(tmp_path: Path) -> None:
    day = Day(tmp_path, NIGHT)
    await day.runs("""
        23:00  a done
        23:10  b done
        23:20  c done
        23:30  d stuck
        06:55  e asks make
        07:00      ann    rings   📥 1 more waiting · 4 more told
        07:01      ann    rings   ⏳ Session 'e' still waits (6 min)
        07:02  e answered
        08:00  end
    """)


@virtual
async def test_a_flood_is_twenty_cards_and_lists(tmp_path: Path) -> None:
    rules = Rules(remind=timedelta(hours=2))
    day = Day(tmp_path, rules)
    cards = "\n".join(f"08:00 ann rings 🔒 Session 's{n}' needs approval" for n in range(1, 21))
    await day.runs(f"""
        08:00  s1..300 asks make
        {cards}
        08:00      ann    rings   📥 280 more waiting
        08:01  late asks make
        08:05      ann    rings   📥 1 more waiting
        08:06  s1..20 answered
        08:07  next asks make
        08:07      ann    rings   🔒 Session 'next' needs approval
        08:30  end
    """)


@virtual
async def test_a_restart_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    day = Day(tmp_path, NIGHT)
    await day.runs("""
        08:00  mute shop 60
        08:10  shop asks make
        08:20  restart
        08:21  api asks npm test
        08:21      ann    rings   🔒 Session 'api' needs approval
        08:22  stopped
        08:50      ann    rings   ⏳ Session 'api' still waits (29 min)
        08:50  restart
        08:51  api answered
        09:00      ann    rings   🔒 Session 'shop' needs approval
        09:01  shop answered
        23:00  shop done
        23:01  restart
        07:00      ann    rings   done shop
        08:00  end
    """)


@virtual
async def test_the_night_in_which_the_clocks_go_forward(tmp_path: Path) -> None:
    begins = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    rules = Rules(zone=ZoneInfo("Europe/Berlin"), quiet=window("22-07"))
    day = Day(tmp_path, rules, begins, "Europe/Berlin")
    await day.runs("""
        21:59  a done
        21:59      ann    rings   done a
        22:01  b done
        03:30  c done
        07:00      ann    rings   done b
        07:00      ann    rings   done c
        07:01  d done
        07:01      ann    rings   done d
        08:00  end
    """)
    morning = day.phones[0].came[1][0]
    assert timedelta() <= morning - datetime(2026, 3, 29, 5, 0, tzinfo=UTC) < timedelta(seconds=1)
