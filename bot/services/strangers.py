"""What is kept of people who may not act: a line for the first few, a number for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.core.decisions import Inbound
from bot.ports.clock import Clock
from bot.ports.store import Store

log = structlog.get_logger()

WINDOW = timedelta(hours=1)
SHOWN = 5
"""Lines in the log, and rows in the audit, of one channel in that time."""


@dataclass
class _Window:
    ends: datetime
    untold: int
    """Messages that no line tells of yet."""
    told: set[tuple[str, str]] = field(default_factory=set)


class Strangers:
    """However much they send, neither log nor ledger grows by more than that."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    async def turned_away(self, inbound: Inbound, why: str) -> None:
        now = self._clock.now()
        window = self._windows.get(inbound.channel)
        if window is None or now >= window.ends:
            window = _Window(now + WINDOW, window.untold if window else 0)
            self._windows[inbound.channel] = window
        who = (inbound.user, why)
        if who in window.told or len(window.told) >= SHOWN:
            window.untold += 1
            return
        window.told.add(who)
        more, window.untold = window.untold, 0
        log.warning(
            "inbox.stranger", channel=inbound.channel, user=inbound.user, why=why, before=more
        )
        actor = f"{inbound.channel}:{inbound.user}"
        async with self._store.transaction() as tx:
            await tx.audit.append(now, actor, "inbox.refused", "", {"why": why, "before": more})
