"""Forgets what nobody will ask for again. The audit log is never touched."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.store import Store

log = structlog.get_logger()

KEPT = timedelta(days=30)
"""Also for that long an event that comes again is known. Telegram keeps updates for a day."""


class Upkeep:
    def __init__(self, store: Store, chat: ChatLog, clock: Clock) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock

    async def prune(self) -> None:
        before = self._clock.now() - KEPT
        async with self._store.transaction() as tx:
            received = await tx.inbox.prune(before)
            sent = await tx.outbox.prune(before)
            cards = await tx.cards.prune(before)
            await tx.reports.prune(before)
            await tx.rulings.prune(before)
        shown = await self._chat.prune(before)
        if received or sent or cards or shown:
            log.info("ledger.pruned", inbox=received, outbox=sent, cards=cards, chat=shown)
