"""The append-only log. Each row carries the hash of the one before it: who changes a row has to
change all that follow, and the head that is kept apart from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from bot.adapters.store.codec import canonical_json, to_milliseconds, to_row
from bot.adapters.store.link import Link
from bot.adapters.store.repositories import SqlMeta
from bot.adapters.store.tables import audit
from bot.core.errors import StoreUnusable
from bot.core.records import AuditRecord

GENESIS = "0" * 64
HEAD = "audit.head"
"""In meta: number and hash of the last row, so that cutting off the end is noticed too."""

BATCH = 1000

_APPENDED = audit.insert()
_LAST = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """``rows`` were read and are as written; ``broken`` is the first one that is not."""

    rows: int
    broken: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        return self.broken is None

    def __str__(self) -> str:
        if self.intact:
            return f"{self.rows} rows, all as they were written"
        return f"{self.rows} rows are as they were written; row {self.broken}: {self.reason}"


class SqlAudit:
    def __init__(self, link: Link) -> None:
        self._link = link
        self._last: tuple[int, str] | None = None
        """Of this transaction: nobody else writes meanwhile."""

    async def append(
        self, at: datetime, actor: str, event: str, subject: str, data: dict[str, Any]
    ) -> None:
        seq, previous = self._last or await self._head()
        text = canonical_json(data)
        digest = chained(previous, seq + 1, to_milliseconds(at), actor, event, subject, text)
        record = AuditRecord(seq + 1, at, actor, event, subject, text, previous, digest)
        await self._link.write(_APPENDED, to_row(record))
        await SqlMeta(self._link).put(HEAD, f"{seq + 1}:{digest}")
        self._last = (seq + 1, digest)

    async def since(self, at: datetime | None) -> tuple[AuditRecord, ...]:
        """In the order they were written."""
        found = select(audit).order_by(audit.c.seq)
        if at is not None:
            found = found.where(audit.c.at >= to_milliseconds(at))
        return await self._link.all(AuditRecord, found)

    async def _head(self) -> tuple[int, str]:
        rows = await self._link.rows(_LAST)
        return (rows[0]["seq"], rows[0]["hash"]) if rows else (0, GENESIS)


def chained(previous: str, *values: object) -> str:
    return hashlib.sha256((previous + canonical_json(values)).encode()).hexdigest()


async def verify(link: Link) -> AuditReport:
    """Recomputes the chain. Stops at the first row that does not belong where it stands."""
    expected, previous = 1, GENESIS
    while True:
        rows = await _batch(link, expected - 1, BATCH)
        if rows is None:  # one of them cannot be read at all: find out which
            rows = await _batch(link, expected - 1, 1)
        if rows is None:
            return AuditReport(expected - 1, expected, "it cannot be read")
        if not rows:
            return await _compare_with_head(link, expected - 1, previous)
        for row in rows:
            reason = _fault(row, expected, previous)
            if reason:
                return AuditReport(expected - 1, expected, reason)
            expected, previous = expected + 1, row["hash"]


async def _batch(link: Link, after: int, size: int) -> Sequence[RowMapping] | None:
    found = select(audit).order_by(audit.c.seq).limit(size)
    if after:
        found = found.where(audit.c.seq > after)
    try:
        return await link.rows(found)
    except StoreUnusable:
        return None


def _fault(row: RowMapping, expected: int, previous: str) -> str:
    if row["seq"] != expected:
        return f"it is missing, row {row['seq']} stands in its place"
    if row["previous"] != previous:
        return "it does not follow from the row before"
    values = [row[name] for name in ("seq", "at", "actor", "event", "subject", "data")]
    if any(isinstance(value, bytes) for value in values) or row["hash"] != chained(
        previous, *values
    ):
        return "its content is not what was written"
    return ""


async def _compare_with_head(link: Link, rows: int, last: str) -> AuditReport:
    head = await SqlMeta(link).get(HEAD)
    if head == (f"{rows}:{last}" if rows else None):
        return AuditReport(rows)
    return AuditReport(rows, rows + 1, "the end of the log is not the one that was written")
