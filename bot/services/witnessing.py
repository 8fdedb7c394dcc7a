"""Compares what agents say of themselves with what is seen: where the two differ somebody is told
of it, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.accounts import Account, account_path, read_account
from bot.core.agent import State
from bot.core.hook_cards import unowned_card, unseen_card
from bot.core.ids import SessionName
from bot.core.notices import Notice, Urgency
from bot.core.sessions import Session
from bot.ports.accounts import Accounts
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.roster import Roster

LONG_ENOUGH = timedelta(seconds=8)
"""Its account changes 0.2 seconds before its dialog is drawn; after that both are there."""
OF_THE_MOMENT = timedelta(seconds=5)
"""An account that is older than the dialog by more may be of an agent that was killed."""

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
            notice = await self._dispute(session)
            if notice is None:
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
                await self._notifier.tell_all(tx, key, notice, Urgency.HELP)
                facts = {"says": notice.title}
                await tx.audit.append(now, "agent", "sources.differ", session.name, facts)
            told = True
        return told

    async def _dispute(self, session: Session) -> Notice | None:
        """None while its account and what is seen of it agree, or one of them is not known."""
        path = account_path(session.transcript, session.agent_pid)
        if not session.watched or not path:
            return None
        is_seen = bool(session.prompt or session.fingerprint)
        if not is_seen and session.state not in _NOTHING:
            return None
        account = read_account(await self._accounts.read(path))
        if not is_seen:
            return unseen_card(session.name, account.waits_for) if account.waits_for else None
        if session.fingerprint and not session.call and _of_now(account, session):
            return unowned_card(session.name, account.free)
        return None


def _of_now(account: Account, session: Session) -> bool:
    if not account.free or account.since is None:
        return False
    return account.since >= session.state_since - OF_THE_MOMENT
