"""Texts to agents: delivered only to a composer that is seen to be empty, else queued and said."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from bot.core.agent import AgentSpec
from bot.core.decisions import Principal
from bot.core.errors import Refused
from bot.core.ids import EventId
from bot.core.keys import typable
from bot.core.lifecycle import Phase
from bot.core.notices import Notice
from bot.core.records import ON_ITS_WAY, WAITING, TextRecord, TextState
from bot.core.sessions import Session
from bot.core.text_cards import mark_of, receipt
from bot.ports.accounts import Accounts
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.presence import Presence
from bot.ports.store import Store
from bot.services.delivering import Delivering, NotNow
from bot.services.drafts import Drafts
from bot.services.looking import Eyes
from bot.services.notifier import Notifier
from bot.services.roster import Roster
from bot.services.uptake import Uptake
from bot.services.wake import Bell

log = structlog.get_logger()

QUEUED_FOR = timedelta(minutes=30)


class Prompting:
    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        eyes: Eyes,
        roster: Roster,
        accounts: Accounts,
        presence: Presence,
        notifier: Notifier,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._roster = roster
        self._notifier = notifier
        self._clock = clock
        uptake = Uptake(eyes, accounts, clock, agents)
        drafts = Drafts(keyboard, eyes, clock, agents)
        self._delivering = Delivering(
            store, keyboard, eyes, roster, uptake, drafts, presence, clock, agents
        )
        self._changed = changed
        self._told: set[EventId] = set()
        """Texts whose sender waits for the receipt right now."""
        self._may_wait = True
        """Texts are queued, as far as is known: without any, nothing need be read at each ring."""
        self.bell = Bell(clock)

    async def tell(
        self, session: Session, text: str, principal: Principal, event: EventId
    ) -> Notice:
        """Delivers now if it can, else queues; the reply is the receipt. Raises Refused."""
        if not typable(text).strip():
            raise Refused("there is nothing to send")
        self.check(session)
        self._told.add(event)
        try:
            return await self._tell(await self._queue(session, text, principal, event))
        finally:
            self._told.discard(event)
            self.bell.ring()

    def check(self, session: Session) -> None:
        """Raises Refused where no agent could take a text at all."""
        if session.phase is Phase.ENDED:
            raise Refused(f"session '{session.name}' has ended")
        if session.phase is Phase.SHELL:
            raise Refused(
                f"no agent is in the foreground of session '{session.name}': "
                "a text would be run by the shell there"
            )

    async def _tell(self, record: TextRecord) -> Notice:
        if record.state not in ON_ITS_WAY:
            return receipt(record)
        before = await self._ahead_of(record)
        if before:
            return receipt(record, "other texts are before it", before)
        try:
            return receipt(await self._delivering.deliver(record))
        except NotNow as why:
            return receipt(record, str(why))

    async def _queue(
        self, session: Session, text: str, principal: Principal, event: EventId
    ) -> TextRecord:
        now = self._clock.now()
        record = TextRecord(
            id=event,
            session=session.name,
            text=text,
            principal=principal.id,
            channel=principal.channel,
            address=principal.address,
            state=TextState.QUEUED,
            queued_at=now,
            expires_at=now + QUEUED_FOR,
        )
        async with self._store.transaction() as tx:
            if not await tx.texts.add(record):
                return await tx.texts.get(event) or record
            digest = hashlib.sha256(text.encode()).hexdigest()
            facts = {"event": event, "sha256": digest, "length": len(text)}
            await tx.audit.append(now, principal.id, "text.queued", session.name, facts)
        self._may_wait = True
        return record

    async def _ahead_of(self, record: TextRecord) -> int:
        async with self._store.snapshot() as tx:
            waiting = await tx.texts.in_states(WAITING)
        same = [text for text in waiting if text.session == record.session]
        return next((n for n, text in enumerate(same) if text.id == record.id), 0)

    async def run(self) -> None:
        """Delivers what is queued whenever something changed, and reports what expired."""
        while True:
            await self.bell.wait(5.0 if self._may_wait else None)
            if self._may_wait:
                await self.deliver_waiting()

    async def deliver_waiting(self) -> None:
        self._may_wait = False  # before it is read: one that comes in meanwhile is not forgotten
        async with self._store.snapshot() as tx:
            waiting = await tx.texts.in_states(WAITING)
        self._may_wait = self._may_wait or bool(waiting)
        queues: defaultdict[str, list[TextRecord]] = defaultdict(list)
        for record in waiting:
            queues[record.session].append(record)
        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                group.create_task(self._deliver_queue(queue))

    async def _deliver_queue(self, queue: Sequence[TextRecord]) -> None:
        """One session's texts, in order; sessions do not wait for each other."""
        for record in queue:
            if record.id in self._told:
                return
            if record.expires_at <= self._clock.now():
                why = "nobody was at the composer in time"
                await self._report(await self._delivering.end(record, TextState.EXPIRED, why))
                continue
            try:
                await self._report(await self._delivering.deliver(record))
            except NotNow:
                return

    async def recover(self) -> None:
        """Texts that were going in when the program ended."""
        async with self._store.snapshot() as tx:
            records = await tx.texts.in_states(frozenset({TextState.ATTEMPTING}))
        for record in records:
            ended = await self._delivering.recover(record)
            if ended is not None:
                await self._report(ended)

    async def withdraw(self, session: Session, mark: str, by: Principal) -> Notice:
        """Takes one back that still waits; with no ``mark``, the last one. Raises Refused."""
        async with self._roster.lock(session.pane):
            async with self._store.snapshot() as tx:
                waiting = await tx.texts.in_states(WAITING)
            mine = [text for text in waiting if text.session == session.name]
            found = [text for text in mine if not mark or mark_of(text) == mark]
            if not found:
                none = f"no text waits for session '{session.name}'"
                raise Refused("that text does not wait any more" if mark else none)
            there = "it stands in the input box, though: empty that at the terminal"
            why = there if found[-1].state is TextState.TYPED else ""
            ended = await self._delivering.end(found[-1], TextState.WITHDRAWN, why, by.id)
        self._changed()
        return receipt(ended)

    async def _report(self, record: TextRecord) -> None:
        """To whoever sent it: the receipt of a text that had been queued."""
        async with self._store.transaction() as tx:
            key = f"text:{record.id}:{record.state.value}"
            to = (record.channel, record.address)
            await self._notifier.reply(tx, key, to, receipt(record))
        self._changed()
