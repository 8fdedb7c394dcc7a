"""How fast messages may go: to one recipient and to a channel as a whole. Pure: times go in.

A provider's pace holds on the average (Telegram: one message a second to a chat, "short bursts"
are let pass). After a rest some messages may go at once, and what is urgent does not wait for
the clock; whoever is once told "too many requests" keeps the plain pace for a while.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

EVER = datetime.min.replace(tzinfo=UTC)
STRICT_FOR = timedelta(minutes=10)
"""How long a recipient gets no bursts after a provider asked for patience."""

UNLIMITED = 1000

Lane = tuple[str, str]
"""A channel and an address of it."""


class Paces:
    def __init__(self) -> None:
        self._full_at: dict[Lane, datetime] = {}
        """By when the messages that were sent would have gone at the plain pace."""
        self._free_at: dict[Lane, tuple[datetime, datetime]] = {}
        """From when on anything may be sent, and what can wait."""
        self._strict: dict[Lane, datetime] = {}

    def sent(self, lane: Lane, now: datetime, messages: int, pause: float, burst: int) -> None:
        """So many went there just now; ``pause`` is the seconds of each at the plain pace."""
        if not pause:
            return
        one = timedelta(seconds=pause)
        full = max(self._full_at.get(lane, now), now) + one * messages
        room = 1 if self._strict.get(lane, EVER) > now else burst
        self._full_at[lane] = full
        self._free_at[lane] = (full - one * (room - 1), full - one * ((room - 1) // 2))

    def hold(self, lane: Lane, now: datetime, until: datetime) -> None:
        """Nothing goes there before that."""
        self._free_at[lane] = (until, until)
        self._strict[lane] = now + STRICT_FOR

    def resting(self, now: datetime, *, can_wait: bool = False) -> Iterator[tuple[Lane, datetime]]:
        """Lanes that nothing may be sent to now, or nothing that can wait; and until when."""
        for lane, times in tuple(self._free_at.items()):
            if times[1] <= now and self._full_at.get(lane, EVER) <= now:
                del self._free_at[lane]
                self._full_at.pop(lane, None)
            elif times[can_wait] > now:
                yield lane, times[can_wait]


class Overall:
    """The limit of a whole channel: a sixth of a second's messages may go at once."""

    def __init__(self, per_second: float) -> None:
        self._burst = max(1, int(per_second / 6)) if per_second else 1
        kept = self._burst if self._burst > 1 else 0
        # So that within any second, a burst included, no more go than the limit.
        self._each = timedelta(seconds=1 / (per_second - kept)) if per_second else timedelta()
        self._full = EVER

    def sent(self, now: datetime, messages: int) -> None:
        self._full = max(now, self._full) + self._each * messages

    @property
    def free_at(self) -> datetime:
        if self._full is EVER:
            return EVER
        return self._full - self._each * (self._burst - 1)

    def room(self, now: datetime) -> int:
        """How many may go now."""
        if not self._each:
            return UNLIMITED
        behind = max(timedelta(0), self._full - now) if self._full is not EVER else timedelta(0)
        return max(0, self._burst - math.ceil(behind / self._each))
