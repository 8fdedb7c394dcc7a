"""Each rule of attention alone, in tables that come out otherwise without it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.attention.explaining import span_words
from bot.core.attention.hours import window
from bot.core.attention.rules import Rules
from tests.support.day import Day
from tests.support.virtual import virtual

MINUTE = timedelta(minutes=1)


@virtual
async def test_a_prompt_may_be_answered_at_the_machine_first(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(dwell=MINUTE))
    await day.runs("""
        08:00     shop asks make
        08:01         ann    rings   🔒 Session 'shop' needs approval
        08:02         ann    rings   ⏳ Session 'shop' still waits (2 min)
        08:03     shop answered
        08:10     shop asks deploy
        08:10:30  shop answered
        08:20     shop done
        08:20         ann    rings   done shop
        08:30     end
    """)


@virtual
async def test_a_session_that_has_just_rung_is_silent(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(cooldown=5 * MINUTE, remind=timedelta(hours=1)))
    await day.runs("""
        09:00  api done
        09:00      ann    rings   done api
        09:01  api done
        09:01      ann    silent  done api
        09:02  shop done
        09:02      ann    rings   done shop
        09:03  api fails
        09:03      ann    rings   fails api
        09:04  api asks make
        09:04      ann    rings   🔒 Session 'api' needs approval
        09:05  api answered
        09:06  api done
        09:06      ann    silent  done api
        09:09  api done
        09:09      ann    rings   done api
        10:00  end
    """)


@virtual
async def test_a_snoozed_prompt_is_passed_on_when_that_is_over(tmp_path: Path) -> None:
    rules = Rules(
        escalate_after=10 * MINUTE, escalate_to=("ann", "bob"), remind=timedelta(hours=1)
    )
    day = Day(tmp_path, rules, phones=("ann", "bob"))
    await day.runs("""
        08:00  shop asks make
        08:00      ann    rings   🔒 Session 'shop' needs approval
        08:05  snooze shop 30
        08:35      ann    rings   ⏳ Session 'shop' still waits (35 min)
        08:35      bob    rings   🔒 Session 'shop' needs approval
        08:36  shop answered
        09:00  end
    """)


@virtual
async def test_progress_waits_where_messages_cost_money(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(chatter_every=10 * MINUTE), phones=("ann", "paid"))
    await day.runs("""
        08:00  shop progress
        08:00      ann    silent  progress shop
        08:10      paid   silent  progress shop
        08:20  end
    """)


@virtual
async def test_what_is_silent_and_what_is_left_out_while_somebody_types(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules())
    await day.runs("""
        08:00     shop asks make
        08:00         ann    rings   🔒 Session 'shop' needs approval
        08:00:30  shop typed
        08:00:35  shop done
        08:00         ann    silent  done shop
        08:01:55  shop typed
        08:06         ann    rings   ⏳ Session 'shop' still waits (6 min)
        08:07     shop answered
        08:30     end
    """)


@virtual
async def test_who_types_on_and_on_is_paged_after_ten_minutes(tmp_path: Path) -> None:
    keys = [timedelta(seconds=14 * n) for n in range(52)]
    typed = "\n".join(f"09:{k.seconds // 60:02}:{k.seconds % 60:02} shop typed" for k in keys)
    day = Day(tmp_path, Rules())
    await day.runs(f"""
        08:59:50  shop typed
        08:59:55  shop asks make
        {typed}
        09:09         ann    rings   🔒 Session 'shop' needs approval
        09:13     shop answered
        09:30     end
    """)


@virtual
async def test_a_screen_does_not_ring_for_what_is_muted(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(remind=timedelta(hours=2)), phones=("ann", "desk"))
    await day.runs("""
        08:00  mute shop 60
        08:10  shop asks make
        08:10      desk   silent  🔒 Session 'shop' needs approval
        09:00      ann    rings   🔒 Session 'shop' needs approval
        09:01  shop answered
        09:02  shop done
        09:02      ann    rings   done shop
        09:02      desk   rings   done shop
        10:00  end
    """)


@virtual
async def test_approvals_have_a_budget_apart_and_a_session_its_own(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(budget=4, session_budget=2, remind=timedelta(hours=2)))
    await day.runs("""
        08:00:00  a done
        08:00      ann    rings   done a
        08:00:05  a done
        08:00      ann    rings   done a
        08:00:10  a done
        08:00      ann    rings   📥 1 more told
        08:03  b done
        08:03      ann    rings   done b
        08:04  c done
        08:04      ann    rings   done c
        08:05  d asks make
        08:05      ann    rings   🔒 Session 'd' needs approval
        08:08  d answered
        08:30  end
    """)


@virtual
async def test_a_prompt_that_nobody_answers_for_a_whole_day(tmp_path: Path) -> None:
    """Doubling from two minutes to thirty, silent in the night, one reminder in the morning."""
    rules = Rules(zone=ZoneInfo("UTC"), quiet=window("22-07"))
    day = Day(tmp_path, rules)
    halves = [timedelta(hours=9) + n * timedelta(minutes=30) for n in range(26)]
    first = [("08:02", "2 min"), ("08:06", "6 min"), ("08:14", "14 min"), ("08:30", "30 min")]
    waits = first + [(clock(at), span_words(at - timedelta(hours=8))) for at in halves]
    told = "\n".join(f"{at} ann rings ⏳ Session 'shop' still waits ({w})" for at, w in waits)
    await day.runs(f"""
        08:00  shop asks make
        08:00      ann    rings   🔒 Session 'shop' needs approval
        {told}
        07:00      ann    rings   ⏳ Session 'shop' still waits (22 h 59 min)
        07:10  shop answered
        08:00  end
    """)


def clock(at: timedelta) -> str:
    return f"{at.seconds // 3600:02}:{at.seconds // 60 % 60:02}"


@virtual
async def test_twelve_more_waiting(tmp_path: Path) -> None:
    day = Day(tmp_path, Rules(remind=timedelta(hours=2)))
    cards = "\n".join(f"08:00 ann rings 🔒 Session 's{n}' needs approval" for n in range(1, 21))
    await day.runs(f"""
        08:00  s1..32 asks make
        {cards}
        08:00      ann    rings   📥 12 more waiting
        08:30  end
    """)


@virtual
async def test_a_night_in_which_nothing_rings(tmp_path: Path) -> None:
    rules = Rules(
        zone=ZoneInfo("UTC"), quiet=window("22-07"), quiet_approvals=False, quiet_errors=False
    )
    day = Day(tmp_path, rules, datetime(2026, 6, 1, 21, 0, tzinfo=UTC))
    await day.runs("""
        21:30  api fails
        21:30      ann    rings   fails api
        23:00  shop asks make
        23:01  api fails
        23:02  api progress
        07:00      ann    rings   🔒 Session 'shop' needs approval
        07:00      ann    rings   fails api
        07:01  shop answered
        08:00  end
    """)


@virtual
async def test_what_is_passed_on_to_the_next_person_is_held_by_his_own_night(
    tmp_path: Path,
) -> None:
    rules = Rules(
        escalate_after=10 * MINUTE,
        escalate_to=("ann", "bob"),
        remind=timedelta(hours=9),
        zone=ZoneInfo("UTC"),
    )
    day = Day(tmp_path, rules, phones=("ann", "bob"))
    await day.runs("""
        07:59  quiet 08-07
        08:00  shop asks make
        08:10      ann    rings   🔒 Session 'shop' needs approval
        08:10      bob    rings   🔒 Session 'shop' needs approval
        08:20  shop answered
        09:00  end
    """)
