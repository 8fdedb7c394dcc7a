"""Tells once of sessions that work without a sign of life."""

from __future__ import annotations

from datetime import timedelta

from bot.core.ids import SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import Button, Notice, NoticeKind, Urgency
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.roster import Roster


class Watchdog:
    def __init__(
        self,
        store: Store,
        roster: Roster,
        notifier: Notifier,
        outbox: Outbox,
        clock: Clock,
        stuck_after: float,
    ) -> None:
        self._store = store
        self._roster = roster
        self._notifier = notifier
        self._outbox = outbox
        self._clock = clock
        self._stuck_after = timedelta(seconds=stuck_after)
        self._told_stuck: dict[SessionName, object] = {}

    async def check(self) -> None:
        if await self._tell_stuck():
            self._outbox.wake()

    async def _tell_stuck(self) -> bool:
        """Once for each spell of silence."""
        now = self._clock.now()
        told = False
        for session in self._roster.live():
            silent = session.phase is Phase.WORKING and session.watched
            if not silent or now - session.last_activity < self._stuck_after:
                continue
            if self._told_stuck.get(session.name) == session.last_activity:
                continue
            self._told_stuck[session.name] = session.last_activity
            minutes = int((now - session.last_activity).total_seconds() // 60)
            notice = Notice(
                NoticeKind.STATE,
                f"🐌 Session '{session.name}' works without any output ({minutes} min)",
                buttons=(Button("peek", f"peek {session.name}"),),
                session=session.name,
            )
            stamp = int(session.last_activity.timestamp() * 1000)
            async with self._store.transaction() as tx:
                key = f"stuck:{session.name}:{stamp}"
                await self._notifier.tell_all(tx, key, notice, Urgency.HELP)
            told = True
        return told
