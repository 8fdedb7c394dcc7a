"""Rounds without end: each kind of failure has its own patience, and none ends them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.channels._whatsapp.api import Tell
from bot.channels._whatsapp.faults import AccountRefused, SenderRefused
from bot.channels._whatsapp.outcomes import Outcomes
from bot.core.errors import WingmanError
from bot.ports.channel import Alarm, Rejected, RetryLater, Unreachable
from bot.ports.clock import Clock

log = structlog.get_logger()

OFFLINE = (1.0, 30.0)
REFUSED_AGAIN = 300.0
UNREACHABLE_AFTER = 120.0


class Voice:
    """The alarm of the channel, which can be raised before it runs and never fails."""

    def __init__(self) -> None:
        self._alarm: Alarm | None = None

    def begin(self, alarm: Alarm) -> None:
        self._alarm = alarm

    async def tell(self, key: str, text: str) -> None:
        if self._alarm is None:
            return
        try:
            await self._alarm(key, text)
        except WingmanError as error:
            log.warning("whatsapp.alarm_failed", key=key, reason=str(error))


class Receiver:
    def __init__(
        self,
        look: Callable[[], Awaitable[None]],
        interval: float,
        outcomes: Outcomes,
        alarm: Tell,
        clock: Clock,
    ) -> None:
        self._look = look
        self._interval = interval
        self._outcomes = outcomes
        self._alarm = alarm
        self._clock = clock
        self._pause = OFFLINE[0]
        self._well_at = clock.monotonic()

    async def run(self) -> None:
        while True:
            await self._clock.sleep(await self._attempt())

    async def _attempt(self) -> float:
        """Seconds until the next round."""
        try:
            await self._look()
        except (AccountRefused, SenderRefused) as error:
            await self._outcomes.refused(error)
            return REFUSED_AGAIN
        except RetryLater as error:
            return error.after
        except (Unreachable, Rejected) as error:
            return await self._no_line(error)
        except WingmanError as error:
            # The message was not stored: it comes again.
            log.warning("whatsapp.not_stored", reason=str(error))
            return self._longer()
        self._well_at = self._clock.monotonic()
        self._pause = OFFLINE[0]
        for key in ("account", "unreachable"):
            await self._alarm(key, "")
        return self._interval

    async def _no_line(self, error: WingmanError) -> float:
        log.warning("whatsapp.unreachable", reason=str(error))
        gone = self._clock.monotonic() - self._well_at
        if gone >= UNREACHABLE_AFTER:
            text = f"✗ Twilio can't be reached for {gone / 60:.0f} minutes: {error}"
            await self._alarm("unreachable", text)
        return self._longer()

    def _longer(self) -> float:
        now, self._pause = self._pause, min(self._pause * 2, OFFLINE[1])
        return now
