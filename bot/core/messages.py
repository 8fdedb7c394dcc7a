"""What a message on its way out is to those who get it."""

from __future__ import annotations

from bot.core.notices import NoticeKind
from bot.core.records import Delivery, OutboxRecord

_CHANGE = frozenset({NoticeKind.CLOSED, NoticeKind.PROGRESS, NoticeKind.REMINDER})


def is_new(row: OutboxRecord) -> bool:
    """Changes nothing that was told before."""
    return row.delivery is Delivery.MUST and row.notice.kind not in _CHANGE


def can_wait(row: OutboxRecord) -> bool:
    """Changes what was told already, and asks for nothing."""
    return row.delivery is Delivery.LATEST


def refreshes(row: OutboxRecord) -> bool:
    """Changes a message that is there, and is nothing without it."""
    return row.notice.live and row.delivery is Delivery.LATEST
