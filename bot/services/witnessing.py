"""Compares what agents say of themselves with what is seen: who waits unseen is told of, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.accounts import account_path, waits_for
from bot.core.agent import State
from bot.core.hook_cards import unseen_card
from bot.core.ids import SessionName
from bot.core.notices import Urgency
from bot.core.sessions import Session
from bot.ports.accounts import Accounts
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.roster import Roster

LONG_ENOUGH = timedelta(seconds=8)
"""Its account changes 0.2 seconds before its dialog is drawn; after that both are there."""


_NOTHING = frozenset({State.WORKING, State.IDLE})
"""The agent is there, and no dialog of it. After it was killed or stopped its account is stale."""


class Witnessing:
    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        roster: Roster,
        notifier: Notifier,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._roster = roster
        self._notifier = notifier
        self._clock = clock
        self._since: dict[SessionName, datetime] = {}
        self._told: set[SessionName] = set()

    async def check(self) -> bool:
        """Whether somebody was told."""
        told = False
        for session in self._roster.live():
            words = await self._unseen(session)
            if not words:
                self._since.pop(session.name, None)
                self._told.discard(session.name)
                continue
            now = self._clock.now()
            since = self._since.setdefault(session.name, now)
            if now - since < LONG_ENOUGH or session.name in self._told:
                continue
            self._told.add(session.name)
            key = f"unseen:{session.name}:{int(since.timestamp() * 1000)}"
            async with self._store.transaction() as tx:
                notice = unseen_card(session.name, words)
                await self._notifier.tell_all(tx, key, notice, Urgency.HELP)
                facts = {"waits_for": words}
                await tx.audit.append(now, "agent", "sources.unseen", session.name, facts)
            told = True
        return told

    async def _unseen(self, session: Session) -> str:
        """What it waits for while nothing that waits is seen of it."""
        is_seen = session.prompt or session.fingerprint or session.state not in _NOTHING
        path = account_path(session.transcript, session.agent_pid)
        if is_seen or not session.watched or not path:
            return ""
        return waits_for(await self._accounts.read(path))
