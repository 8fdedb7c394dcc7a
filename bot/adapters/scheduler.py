"""The Scheduler port on APScheduler 3.11."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class ApScheduler:
    """One scheduler per program, memory only: rows in the store are the truth."""

    def __init__(self) -> None:
        # The default drops a run that is a second late, e.g. after the machine slept.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(job_defaults=defaults, timezone="UTC")

    def every(self, name: str, seconds: float, run: Callable[[], Awaitable[None]]) -> None:
        async def job() -> None:
            # Stopping cancels what runs; APScheduler 3.11 would print that as a failure.
            with contextlib.suppress(asyncio.CancelledError):
                await run()

        self._scheduler.add_job(job, "interval", seconds=seconds, id=name, replace_existing=True)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
