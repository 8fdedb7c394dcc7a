"""Whoever posts to a provider's path and is not that provider leaves a row in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog

from bot.core.errors import WingmanError
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.webhook import Webhook

log = structlog.get_logger()

SPAN = timedelta(hours=1)
SHOWN = 5
"""Rows of one path in that time: however much is posted, the ledger does not grow by more."""


@dataclass
class _Count:
    ends: datetime
    rows: int = 0
    untold: int = 0
    """Refusals that no row tells of yet."""


class Doorkeeping:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._counts: dict[str, _Count] = {}

    def over(self, webhook: Webhook) -> Webhook:
        """The same, with an eye on whom it refuses."""

        async def handle(headers: Mapping[str, str], body: bytes) -> int:
            status = await webhook.handle(headers, body)
            if status == HTTPStatus.FORBIDDEN:
                await self._refused(webhook.path)
            return status

        return replace(webhook, handle=handle)

    async def _refused(self, path: str) -> None:
        now = self._clock.now()
        count = self._counts.get(path)
        if count is None or now >= count.ends:
            count = _Count(now + SPAN, untold=count.untold if count else 0)
            self._counts[path] = count
        if count.rows >= SHOWN:
            count.untold += 1
            return
        count.rows += 1
        more, count.untold = count.untold, 0
        try:
            async with self._store.transaction() as tx:
                await tx.audit.append(now, "unknown", "webhook.refused", path, {"before": more})
        except WingmanError as error:
            log.warning("webhook.not_noted", path=path, reason=str(error))
