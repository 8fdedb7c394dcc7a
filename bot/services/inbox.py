"""Takes in what people send: stored first, let through one gate, handled once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.core.approvals import PromptState
from bot.core.cards import closed_card, subject_of, topic_of
from bot.core.decisions import Inbound, Principal
from bot.core.grammar import first_word, split_command
from bot.core.ids import Code, EventId, PromptId
from bot.core.notices import Notice, NoticeKind, Part, Urgency
from bot.core.receipts import says_enough
from bot.core.records import Card, InboxRecord, InboxState, PromptRecord
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.commands import Occasion
from bot.services.dispatch import Dispatch
from bot.services.gate import Gate
from bot.services.live import LiveCards
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.pairing import Pairing
from bot.services.wake import Bell

log = structlog.get_logger()

_FAILED = Notice(
    NoticeKind.TROUBLE,
    "✗ Something went wrong inside Wingman; what became of it is not known",
    (Part("The log has the details. Look before you send it again: pending, sessions"),),
)


class Inbox:
    """Messages are begun in the order of arrival and handled side by side: an approval never
    waits behind a session that is being started."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        gate: Gate,
        pairing: Pairing,
        dispatch: Dispatch,
        notifier: Notifier,
        outbox: Outbox,
        live: LiveCards,
        clock: Clock,
    ) -> None:
        self._store = store
        self._channels = {channel.id: channel for channel in channels}
        self._gate = gate
        self._pairing = pairing
        self._dispatch = dispatch
        self._notifier = notifier
        self._outbox = outbox
        self._live = live
        self._clock = clock
        self._bell = Bell(clock)

    async def accept(self, inbound: Inbound) -> bool:
        """Durable when this returns; False for an event that was known already, or that nobody
        will ever look at."""
        if await self._pairing.turns_away(inbound):
            return False
        async with self._store.transaction() as tx:
            new = await tx.inbox.add(inbound, self._clock.now())
        if new:
            self._bell.ring()
        return new

    async def recover(self) -> None:
        """What was being handled when the program ended is handled again: effects are bound to
        the event's id, so nothing happens twice."""
        async with self._store.transaction() as tx:
            for row in await tx.inbox.in_state(InboxState.RUNNING):
                await tx.inbox.advance(row.inbound.channel, row.inbound.event, InboxState.NEW)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for row in await self._take():
                    group.create_task(self._handle(row))
                await self._bell.wait()

    async def _take(self) -> tuple[InboxRecord, ...]:
        async with self._store.transaction() as tx:
            rows = await tx.inbox.in_state(InboxState.NEW)
            for row in rows:
                await tx.inbox.advance(row.inbound.channel, row.inbound.event, InboxState.RUNNING)
        return rows

    async def _handle(self, row: InboxRecord) -> None:
        inbound = row.inbound
        welcome = await self._pairing.greet(inbound)
        principal = self._gate.admit(inbound)
        if welcome is not None or principal is None:
            state = InboxState.DONE if welcome else InboxState.REJECTED
            await self._end(row, state, welcome, principal)
            return
        await self._outbox.heard(inbound.channel, inbound.address)
        # Effects are bound to the event's id, and two channels may use the same one.
        event = EventId(f"{inbound.channel}:{inbound.event}")
        try:
            occasion = await self._occasion(inbound)
            reply = await self._dispatch.handle(inbound.text, principal, event, occasion)
        except Exception:
            # A message that breaks us must not break the next one.
            log.exception("inbox.failed", channel=inbound.channel, id=inbound.event)
            await self._end(row, InboxState.REJECTED, _FAILED, principal)
            return
        await self._end(row, InboxState.DONE, reply, principal)

    async def _occasion(self, inbound: Inbound) -> Occasion:
        """A reply is about what it replies to, wherever it stands."""
        place = Occasion(
            session=inbound.session,
            tapped=inbound.tapped,
            files=inbound.files,
            event=inbound.event,
            looks_only=inbound.looks_only,
            sent_at=inbound.sent_at,
        )
        if not inbound.reply_to:
            return place
        async with self._store.snapshot() as tx:
            card = await tx.cards.by_message(inbound.channel, inbound.address, inbound.reply_to)
            kind, subject = subject_of(card.topic if card else "")
            if kind == "session":
                return replace(place, session=subject, replied=True)
            record = await tx.prompts.get(PromptId(subject)) if kind == "prompt" else None
        if card is None and inbound.tapped:
            record = await self._tapped(inbound)
        return place if record is None else replace(place, card=record, session=record.session)

    async def _tapped(self, inbound: Inbound) -> PromptRecord | None:
        """A card whose sending the program's end cut short is not known to be one. The tap on it
        names the prompt, and from then on it is changed like any other copy."""
        words = split_command(inbound.text)
        code, _ = first_word(words.rest if words else "")
        place = (inbound.channel, inbound.address, inbound.reply_to)
        async with self._store.transaction() as tx:
            record = await tx.prompts.by_code(Code(code)) if code else None
            if record is not None:
                await tx.cards.put(Card(topic_of(record), *place, record.opened_at))
            if record is not None and record.state is not PromptState.OPEN:
                key = f"closed:{record.id}:{inbound.channel}:{inbound.event}"
                to = (inbound.channel, inbound.address)
                card, topic = closed_card(record), topic_of(record)
                await self._notifier.refresh(tx, key, to, card, topic, Urgency.APPROVAL)
        return record

    async def _end(
        self,
        row: InboxRecord,
        state: InboxState,
        reply: Notice | None,
        principal: Principal | None = None,
    ) -> None:
        inbound = row.inbound
        outcome, topic = reply.title if reply else "", ""
        async with self._store.transaction() as tx:
            await tx.inbox.advance(inbound.channel, inbound.event, state, outcome)
            actor = principal.id if principal else f"{inbound.channel}:{inbound.user}"
            facts = {"event": inbound.event, "outcome": outcome}
            await tx.audit.append(self._clock.now(), actor, f"inbox.{state.value}", "", facts)
            if reply is not None and not says_enough(inbound, reply):
                topic = await self._answer(tx, inbound, reply)
        self._outbox.wake()
        if topic and principal is not None:
            self._live.begin(inbound, principal, topic)
        if principal is not None:
            await self._acknowledge(inbound, reply)

    async def _answer(self, tx: Transaction, inbound: Inbound, reply: Notice) -> str:
        """The topic of a message that is kept up to date from now on; empty for others."""
        key = f"reply:{inbound.channel}:{inbound.event}"
        to = (inbound.channel, inbound.address)
        if reply.kind is NoticeKind.PROMPT:
            # The card with other rows ticked: it stays where it is, unless it was settled.
            record = await tx.prompts.by_code(Code(reply.code))
            if record is not None and record.state is PromptState.OPEN:
                topic = topic_of(record)
                await self._notifier.refresh(tx, key, to, reply, topic, Urgency.APPROVAL)
            return ""
        topic = self._live.topic_for(inbound, reply)
        if not inbound.tapped:
            reply = replace(reply, answers=inbound.receipt)
        await self._notifier.reply(tx, key, to, reply, topic)
        return topic

    async def _acknowledge(self, inbound: Inbound, reply: Notice | None) -> None:
        try:
            await self._channels[inbound.channel].receipt(inbound, reply)
        except Exception:
            # It was handled: a receipt that breaks its channel's code changes nothing of that.
            log.exception("inbox.no_receipt", channel=inbound.channel, id=inbound.event)
