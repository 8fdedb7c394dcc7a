"""``wingman audit``: the hash-chained log, checked or printed."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from bot.adapters.clock import SystemClock
from bot.adapters.store.audit import AuditReport
from bot.adapters.store.store import SqlStore
from bot.core.errors import WingmanError
from bot.core.grammar import seconds
from bot.settings import Settings


def verify(settings: Settings) -> int:
    report = asyncio.run(_verify(settings))
    (sys.stdout if report.intact else sys.stderr).write(f"{report}\n")
    return 0 if report.intact else 1


async def _verify(settings: Settings) -> AuditReport:
    store = await SqlStore.open(_database(settings))
    try:
        return await store.verify_audit()
    finally:
        await store.close()


def export(settings: Settings, since: str | None) -> int:
    asyncio.run(_export(settings, _moment(since)))
    return 0


async def _export(settings: Settings, since: datetime | None) -> None:
    store = await SqlStore.open(_database(settings))
    try:
        async with store.snapshot() as tx:
            rows = await tx.audit.since(since)
    finally:
        await store.close()
    for row in rows:
        sys.stdout.write(json.dumps(asdict(row), default=str, ensure_ascii=False) + "\n")


def _database(settings: Settings) -> str:
    """Opening would make a missing one, and an empty log is no proof of anything."""
    if settings.database_url is None and not (settings.state_dir / "wingman.db").is_file():
        raise WingmanError(f"there is no log in {settings.state_dir}: no gateway has run there")
    return settings.database


def _moment(text: str | None) -> datetime | None:
    """``2026-11-01``, ``2026-11-01T12:00`` or ``24h``. Raises WingmanError."""
    if text is None:
        return None
    span = seconds(text)
    if span is not None:
        return SystemClock().now() - timedelta(seconds=span)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise WingmanError(f"'{text}' is no date or span: write 2026-11-01 or 24h") from None
