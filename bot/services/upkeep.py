"""Forgets what nobody will ask for again. The audit log is never touched."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.core.records import ON_ITS_WAY
from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.shelf import Shelf
from bot.ports.store import Store, Transaction
from bot.services.files import files_of

log = structlog.get_logger()


class Upkeep:
    """``keep``: also for that long an event that comes again is known. Telegram keeps updates for
    a day."""

    def __init__(
        self, store: Store, chat: ChatLog, shelf: Shelf, clock: Clock, keep: timedelta
    ) -> None:
        self._store = store
        self._chat = chat
        self._shelf = shelf
        self._clock = clock
        self._keep = keep

    async def prune(self) -> None:
        before = self._clock.now() - self._keep
        async with self._store.transaction() as tx:
            forgotten = {
                "inbox": await tx.inbox.prune(before),
                "outbox": await tx.outbox.prune(before),
                "prompts": await tx.prompts.prune(before),
                "texts": await tx.texts.prune(before),
                # What belongs to a prompt or a text goes after it.
                "presses": await tx.presses.prune(before),
                "cards": await tx.cards.prune(before),
                "reports": await tx.reports.prune(before),
                "rulings": await tx.rulings.prune(before),
            }
            needed = await _files_needed(tx)
        forgotten["chat"] = await self._chat.prune(before)
        forgotten["files"] = await self._shelf.prune(before, needed)
        if any(forgotten.values()):
            log.info("ledger.pruned", **forgotten)


async def _files_needed(tx: Transaction) -> frozenset[str]:
    """By texts that no agent has got yet."""
    return files_of(await tx.texts.in_states(ON_ITS_WAY))
