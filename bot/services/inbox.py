"""Takes in what people send: stored first, let through one gate, handled once."""

from __future__ import annotations

import asyncio

import structlog

from bot.core.decisions import Inbound, Principal
from bot.core.ids import EventId, PromptId
from bot.core.notices import Notice, NoticeKind, Part
from bot.core.records import InboxRecord, InboxState, PromptRecord
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.dispatch import Dispatch
from bot.services.gate import Gate
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
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
        gate: Gate,
        dispatch: Dispatch,
        notifier: Notifier,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._gate = gate
        self._dispatch = dispatch
        self._notifier = notifier
        self._outbox = outbox
        self._clock = clock
        self._bell = Bell(clock)

    async def accept(self, inbound: Inbound) -> bool:
        """Durable when this returns; False for an event that was known already."""
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
        principal = self._gate.admit(inbound)
        if principal is None:
            log.warning("inbox.stranger", channel=inbound.channel, user=inbound.user)
            await self._end(row, InboxState.REJECTED, None)
            return
        # Effects are bound to the event's id, and two channels may use the same one.
        event = EventId(f"{inbound.channel}:{inbound.event}")
        try:
            card = await self._card(inbound)
            reply = await self._dispatch.handle(inbound.text, principal, event, card)
        except Exception:
            # A message that breaks us must not break the next one.
            log.exception("inbox.failed", channel=inbound.channel, id=inbound.event)
            await self._end(row, InboxState.REJECTED, _FAILED, principal)
            return
        await self._end(row, InboxState.DONE, reply, principal)

    async def _card(self, inbound: Inbound) -> PromptRecord | None:
        if not inbound.reply_to:
            return None
        async with self._store.snapshot() as tx:
            card = await tx.cards.by_message(inbound.channel, inbound.address, inbound.reply_to)
            kind, _, subject = (card.topic if card else "").partition(":")
            return await tx.prompts.get(PromptId(subject)) if kind == "prompt" else None

    async def _end(
        self,
        row: InboxRecord,
        state: InboxState,
        reply: Notice | None,
        principal: Principal | None = None,
    ) -> None:
        inbound = row.inbound
        outcome = reply.title if reply else ""
        async with self._store.transaction() as tx:
            await tx.inbox.advance(inbound.channel, inbound.event, state, outcome)
            actor = principal.id if principal else f"{inbound.channel}:{inbound.user}"
            facts = {"event": inbound.event, "outcome": outcome}
            await tx.audit.append(self._clock.now(), actor, f"inbox.{state.value}", "", facts)
            if reply is not None:
                key = f"reply:{inbound.channel}:{inbound.event}"
                to = (inbound.channel, inbound.address)
                await self._notifier.reply(tx, key, to, reply)
        self._outbox.wake()
