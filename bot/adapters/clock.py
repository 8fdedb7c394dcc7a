"""The machine's clocks."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

# Both also count while the machine sleeps; Linux's CLOCK_MONOTONIC does not, macOS's does.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(_STEADY)

    async def sleep(self, seconds: float) -> None:
        """Time in which the machine slept may be added to the wait."""
        await asyncio.sleep(seconds)
