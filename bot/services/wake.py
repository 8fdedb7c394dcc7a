"""A bell that a loop waits on: rung as often as one likes, heard once."""

from __future__ import annotations

import asyncio

from bot.ports.clock import Clock


class Bell:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float | None = None) -> bool:
        """Until rung, at most ``seconds``; whether it rang."""
        if seconds is None:
            await self._event.wait()
        elif seconds > 0 and not self._event.is_set():
            await self._wait_at_most(seconds)
        rang = self._event.is_set()
        self._event.clear()
        return rang

    async def _wait_at_most(self, seconds: float) -> None:
        async with asyncio.TaskGroup() as group:
            alarm = group.create_task(self._clock.sleep(seconds))
            rung = group.create_task(self._event.wait())
            await asyncio.wait({alarm, rung}, return_when=asyncio.FIRST_COMPLETED)
            alarm.cancel()
            rung.cancel()
