"""What became of a message after its provider had taken it."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    """It is on that person's phone."""
    READ = "read"
    FAILED = "failed"
    """It will never arrive."""


_RANK = {Fate.QUEUED: 0, Fate.SENT: 1, Fate.FAILED: 2, Fate.DELIVERED: 3, Fate.READ: 4}


def later(known: Fate | None, told: Fate) -> Fate:
    """Reports come twice and in any order: the one that is furthest on is true. Whatever arrived
    has not failed."""
    return told if known is None or _RANK[told] > _RANK[known] else known
