"""What became of a message after its provider had taken it."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    """It is on that person's phone."""
    READ = "read"
    BOUNCED = "bounced"
    """It did not arrive, and might if it were sent again."""
    FAILED = "failed"
    """It will never arrive."""


_RANK = {
    Fate.QUEUED: 0,
    Fate.SENT: 1,
    Fate.BOUNCED: 2,
    Fate.FAILED: 3,
    Fate.DELIVERED: 4,
    Fate.READ: 5,
}
ARRIVED = frozenset({Fate.DELIVERED, Fate.READ})
LOST = frozenset({Fate.BOUNCED, Fate.FAILED})


def later(known: Fate | None, told: Fate) -> Fate:
    """Reports come twice and in any order: the one that is furthest on is true. Whatever arrived
    has not failed."""
    return told if known is None or _RANK[told] > _RANK[known] else known
