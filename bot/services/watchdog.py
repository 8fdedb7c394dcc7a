"""Tells once what is amiss with a session, and changes that card when it is over."""

from __future__ import annotations

from dataclasses import replace

from bot.core.concerns import (
    Concern,
    Limits,
    concern_card,
    concern_of,
    concern_topic,
    gone_card,
    over_card,
)
from bot.core.ids import SessionName
from bot.core.notices import Urgency
from bot.core.sessions import Session
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.roster import Roster


class Watchdog:
    """What has been told stands in the session's row: it is told once over a restart, too."""

    def __init__(
        self,
        store: Store,
        roster: Roster,
        notifier: Notifier,
        outbox: Outbox,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._store = store
        self._roster = roster
        self._notifier = notifier
        self._outbox = outbox
        self._clock = clock
        self._limits = limits

    async def check(self) -> None:
        changed = [session for session in self._roster.all() if self._is_news(session)]
        gone = [s.name for s in changed if self._wanted(s) == Concern.GONE]
        if len(gone) > 1:
            await self._tell_gone(gone)
        for session in changed:
            await self._follow(session.name)
        if changed:
            self._outbox.wake()

    def _wanted(self, session: Session) -> str:
        found = concern_of(session, self._clock.now(), self._limits)
        return found if found is not None and session.watched else ""

    def _is_news(self, session: Session) -> bool:
        return self._wanted(session) != session.concern

    async def _tell_gone(self, names: list[SessionName]) -> None:
        """One card for all of them."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            key = f"gone:{int(now.timestamp() * 1000)}"
            await self._notifier.tell_all(tx, key, gone_card([*names]), Urgency.HELP)
            told = []
            for name in names:
                session = self._roster.get(name)
                if session is not None:
                    told.append(replace(session, concern=Concern.GONE, concern_at=now))
                    await self._roster.put(tx, told[-1])
        for session in told:
            self._roster.publish(session)

    async def _follow(self, name: SessionName) -> None:
        async with self._store.transaction() as tx:
            before = self._roster.get(name)
            if before is None or not self._is_news(before):
                return
            after = await self._changed(tx, before)
            await self._roster.put(tx, after)
        self._roster.publish(after)

    async def _changed(self, tx: Transaction, session: Session) -> Session:
        now, wanted = self._clock.now(), self._wanted(session)
        if session.concern:
            topic = concern_topic(session)
            over = over_card(session, Concern(session.concern), now)
            await self._notifier.update_cards(tx, f"{topic}:over", over, topic)
        if not wanted:
            return replace(session, concern="", concern_at=None)
        session = replace(session, concern=wanted, concern_at=now)
        topic = concern_topic(session)
        card = concern_card(session, Concern(wanted), now)
        await self._notifier.tell_all(tx, topic, card, Urgency.HELP, topic)
        return session
