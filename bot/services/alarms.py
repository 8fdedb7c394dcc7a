"""What is wrong with a way of reaching people is told on all other ways."""

from __future__ import annotations

import structlog

from bot.core.notices import Notice, NoticeKind, Urgency
from bot.ports.channel import Alarm
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox

log = structlog.get_logger()


class Alarms:
    """An alarm stays raised, also over a restart, until it is cleared: it is told once."""

    def __init__(self, store: Store, notifier: Notifier, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._notifier = notifier
        self._outbox = outbox
        self._clock = clock

    def of(self, channel: str) -> Alarm:
        async def alarm(key: str, text: str) -> None:
            await self.sound(channel, key, text)

        return alarm

    async def sound(self, channel: str, key: str, text: str) -> None:
        """An empty text says that the trouble is over."""
        name = f"alarm:{channel}:{key}"
        async with self._store.transaction() as tx:
            raised = bool(await tx.meta.get(name))
            if raised is bool(text):
                return
            await tx.meta.put(name, text)
            if text:
                notice = Notice(NoticeKind.TROUBLE, text)
                told = f"{name}:{int(self._clock.now().timestamp() * 1000)}"
                await self._notifier.tell_others(tx, told, notice, Urgency.HELP, channel)
        if text:
            log.error("channel.alarm", channel=channel, key=key, reason=text)
            self._outbox.wake()
        else:
            log.info("channel.alarm_over", channel=channel, key=key)
