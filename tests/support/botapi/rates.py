"""What a bot may send: 30 messages a second, one a second to a chat, 20 a minute to a group."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import NamedTuple

from tests.support.botapi.errors import too_many


class Rate(NamedTuple):
    messages: int
    seconds: float


OVERALL = Rate(30, 1.0)
IN_A_CHAT = Rate(1, 1.0)
IN_A_GROUP = Rate(20, 60.0)
_JITTER = 0.05
"""Seconds that a pause may come out shorter, as both ends measure for themselves."""


class Rates:
    def __init__(self) -> None:
        self._sent: dict[tuple[int, Rate], deque[float]] = defaultdict(deque)

    def count(self, chat: int, private: bool, now: float) -> None:
        """Of one message or edit. Telegram lets short bursts in a chat pass; here they do not."""
        keys = [(0, OVERALL), (chat, IN_A_CHAT)] + ([] if private else [(chat, IN_A_GROUP)])
        wait = max(self._wait(key, now) for key in keys)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for key in keys:
            self._sent[key].append(now)

    def _wait(self, key: tuple[int, Rate], now: float) -> float:
        sent, rate = self._sent[key], key[1]
        span = rate.seconds - _JITTER
        while sent and now - sent[0] >= span:
            sent.popleft()
        return 0.0 if len(sent) < rate.messages else sent[-rate.messages] + span - now
