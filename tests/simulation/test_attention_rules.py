"""Each rule of attention alone, in tables that come out otherwise without it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

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
