"""What is done every so often, whether anything has happened or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.ports.scheduler import Scheduler
from bot.services.approvals import Approvals
from bot.services.attention import Attention
from bot.services.holding import Holding
from bot.services.recovery import Recovery
from bot.services.reminders import Reminders
from bot.services.sessions import SessionService
from bot.services.supervisor import Supervisor
from bot.services.upkeep import Upkeep
from bot.services.watchdog import Watchdog
from bot.services.witnessing import Witnessing

log = structlog.get_logger()

ATTEND = 5.0
"""Seconds between two looks at what is held and what is to be told again."""
REVIEW = 15.0
CLEAN = 3600.0


@dataclass(frozen=True, slots=True)
class Rounds:
    supervisor: Supervisor
    watchdog: Watchdog
    witnessing: Witnessing
    recovery: Recovery
    attention: Attention
    reminders: Reminders
    holding: Holding
    sessions: SessionService
    approvals: Approvals
    upkeep: Upkeep
    measure: Callable[[], Awaitable[None]]
    changed: Callable[[], None]

    def plan(self, scheduler: Scheduler, sweep_every: float) -> None:
        """``sweep_every``: seconds."""
        scheduler.every("sweep", sweep_every, self._sweep)
        scheduler.every("attention", ATTEND, self._attend)
        scheduler.every("review", REVIEW, self._review)
        scheduler.every("clean", CLEAN, self._clean)

    async def _sweep(self) -> None:
        await self.supervisor.sweep()
        await self.watchdog.check()
        if await self.witnessing.check():
            self.changed()

    async def _attend(self) -> None:
        """Apart from the sweep: a tmux that hangs delays no reminder."""
        await self.attention.look()
        await self.reminders.check()
        await self.holding.check()

    async def _review(self) -> None:
        """What the ledger knows of: decisions that broke off, and how long the queues are."""
        await self.recovery.overdue()
        await self.measure()

    async def _clean(self) -> None:
        forgotten = await self.sessions.forget_ended()
        if forgotten:
            log.info("sessions.forgotten", count=len(forgotten))
        await self.approvals.forget_words()
        await self.upkeep.prune()
