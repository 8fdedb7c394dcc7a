from __future__ import annotations

import time
from datetime import UTC, datetime

from bot.adapters.clock import SystemClock


async def test_the_time_and_the_wait() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert 0.009 < clock.monotonic() - before < 5
    assert clock.now().tzinfo is UTC
    assert abs((datetime.fromtimestamp(0, UTC) - clock.now()).total_seconds()) > 1e9


def test_on_linux_it_counts_while_the_machine_sleeps() -> None:
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert abs(SystemClock().monotonic() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 1
