"""Counts what passes through a port, and how long the queues are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.ids import PaneKey
from bot.core.press import Press, PressResult
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.meter import Meter
from bot.ports.store import Store


class CountedKeyboard:
    """The same keyboard; each press is counted by its outcome."""

    def __init__(self, keyboard: Keyboard, meter: Meter) -> None:
        self._keyboard = keyboard
        self._meter = meter

    async def press(self, press: Press) -> PressResult:
        result = await self._keyboard.press(press)
        self._meter.pressed(result.outcome.value)
        return result

    async def marker(self, pane: PaneKey) -> str | None:
        return await self._keyboard.marker(pane)


async def measure_queues(
    store: Store, channels: Sequence[Channel], clock: Clock, meter: Meter
) -> None:
    async with store.snapshot() as tx:
        depths = await tx.outbox.depths()
    now = clock.now()
    for channel in channels:
        rows, since = depths.get(channel.id, (0, now))
        meter.queued(channel.id, rows, max(0.0, (now - since).total_seconds()))
