"""What is wrong with a way of reaching people is told on all other ways."""

from __future__ import annotations

import structlog

from bot.core.notices import Notice, NoticeKind, Urgency
from bot.ports.channel import Alarm
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier

log = structlog.get_logger()


class Alarms:
    """An alarm stays raised, also over a restart, until it is cleared: it is told once."""

    def __init__(self, store: Store, notifier: Notifier, clock: Clock) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._raised: dict[str, bool] = {}
        """As far as it was asked for in this life."""

    def of(self, channel: str) -> Alarm:
        async def alarm(key: str, text: str) -> None:
            await self.sound(channel, key, text)

        return alarm

    async def sound(self, channel: str, key: str, text: str, *, address: str = "") -> None:
        """An empty text says that the trouble is over. With an ``address`` the trouble is that
        one's, and the others on the channel are told too."""
        name = f"alarm:{channel}:{key}"
        if self._raised.get(name) is bool(text):
            return
        changed = await self._keep(name, channel, text, address)
        self._raised[name] = bool(text)
        if not changed:
            return
        if text:
            log.error("channel.alarm", channel=channel, key=key, reason=text)
        else:
            log.info("channel.alarm_over", channel=channel, key=key)

    async def _keep(self, name: str, channel: str, text: str, address: str) -> bool:
        """False when that is how it stands in the ledger."""
        async with self._store.transaction() as tx:
            if bool(await tx.meta.get(name)) is bool(text):
                return False
            if not text:
                await tx.meta.remove(name)
            else:
                await tx.meta.put(name, text)
                notice = Notice(NoticeKind.TROUBLE, text)
                told = f"{name}:{int(self._clock.now().timestamp() * 1000)}"
                but_not = (channel, address)
                await self._notifier.tell_others(tx, told, notice, Urgency.HELP, but_not)
        return True
