"""The lanes of the outbox, one per recipient: in which something may go now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.services.pacing import EVER, Lane, Overall, Paces


class Lanes:
    def __init__(self, channels: Sequence[Channel], clock: Clock) -> None:
        self._clock = clock
        self._busy: set[Lane] = set()
        self._paces = Paces()
        self._overall = {
            channel.id: Overall(channel.capabilities.per_second) for channel in channels
        }

    def take(self, lane: Lane) -> None:
        """One message is on its way there; until it is let go no other may be."""
        self._busy.add(lane)
        self._overall[lane[0]].sent(self._clock.now(), 1)

    def let_go(self, lane: Lane) -> None:
        self._busy.discard(lane)

    def sent(self, channel: Channel, address: str, messages: int, *, counts: bool) -> None:
        """``messages`` have gone there as one; ``counts``: to that recipient's pace, too."""
        now = self._clock.now()
        self._overall[channel.id].sent(now, messages - 1)
        if counts:
            pause, burst = channel.pause(address), channel.burst(address)
            self._paces.sent((channel.id, address), now, messages, pause, burst)

    def hold(self, lane: Lane, until: datetime) -> None:
        self._paces.hold(lane, self._clock.now(), until)

    def room(self, channel: str) -> int:
        """How many messages the channel as a whole takes now."""
        return self._overall[channel].room(self._clock.now())

    def is_free(self, lane: Lane) -> bool:
        channel, address = lane
        return self.room(channel) > 0 and address not in self.resting(channel)

    def resting(self, channel: str) -> dict[str, datetime]:
        """Recipients that nothing may be sent to now, and until when if that is known."""
        busy = {to: EVER for id_, to in self._busy if id_ == channel}
        return busy | self.paused(channel, can_wait=False)

    def paused(self, channel: str, *, can_wait: bool) -> dict[str, datetime]:
        lanes = self._paces.resting(self._clock.now(), can_wait=can_wait)
        return {address: until for (id_, address), until in lanes if id_ == channel}

    def until(self, channel: str, times: Sequence[datetime]) -> float | None:
        """Seconds to the first of these times at which the channel takes a message."""
        if not times:
            return None
        at = max(min(times), self._overall[channel].free_at)
        return max(0.0, (at - self._clock.now()).total_seconds())
