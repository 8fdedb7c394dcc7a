"""What was held is looked at again when its time has come: sent, told in a digest, or held on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.core.approvals import PromptState
from bot.core.attention.cards import digest, reminder
from bot.core.attention.pages import Action, Page, Ruling, page_of
from bot.core.attention.ruling import GATHERING
from bot.core.cards import subject_of
from bot.core.ids import PromptId
from bot.core.notices import Notice, NoticeKind
from bot.core.records import Delivery, HeldRecord, OutboxRecord, PromptRecord
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.attention import DIGEST, Attention, Lane
from bot.services.notifier import GIVE_UP
from bot.services.outbox import Outbox
from bot.services.roster import Roster

log = structlog.get_logger()

_LONG = frozenset({"quiet", "mute", "snooze", "ladder", "budget"})
"""Rules that hold for so long that several notices become due at once."""
_TOGETHER = Ruling(Action.FOLD, "digest", "told together with others")


class Holding:
    def __init__(
        self, store: Store, roster: Roster, attention: Attention, outbox: Outbox, clock: Clock
    ) -> None:
        self._store = store
        self._roster = roster
        self._attention = attention
        self._outbox = outbox
        self._clock = clock

    async def check(self) -> None:
        if not self._attention.holding:
            return
        async with self._store.snapshot() as tx:
            next_ = await tx.held.next_due()
        if next_ is None:
            self._attention.holding = False
        elif next_ <= self._clock.now():
            await self._release()

    async def _release(self) -> None:
        lanes: defaultdict[Lane, list[HeldRecord]] = defaultdict(list)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            for held in await tx.held.due(now):
                lanes[held.channel, held.address].append(held)
            telling = {lane for lane, due in lanes.items() if any(held.fold for held in due)}
            soon = now + GATHERING + self._attention.rules.digest_every
            for held in await tx.held.due(soon) if telling else ():
                lane = (held.channel, held.address)
                if held.fold and held.until > now and lane in telling:
                    lanes[lane].append(held)
            for lane, due in lanes.items():
                await self._tend(tx, lane, due)
        self._outbox.wake()

    async def _tend(self, tx: Transaction, lane: Lane, due: Sequence[HeldRecord]) -> None:
        """Most urgent first, so that a budget goes to what needs it most."""
        single: list[tuple[HeldRecord, Page, Ruling]] = []
        folded: list[HeldRecord] = []
        many = self._attention.rules.digest_from
        for held in sorted(due, key=lambda one: (one.urgency, one.since)):
            page = page_of(held.notice, held.urgency, held.since)
            if page is None or not await self._is_open(tx, held):
                await tx.held.remove(held.key)
                continue
            ruling = await self._attention.judge(tx, page, held)
            if ruling.action is Action.SEND:
                single.append((held, page, ruling))
            elif ruling.action is Action.FOLD and held.fold:
                folded.append(held)
            elif ruling.action is Action.DROP:
                await self._attention.note(tx, page, held, ruling)
                await tx.held.remove(held.key)
            else:
                await self._hold_on(tx, held, page, ruling)
        late = [held for held, _, _ in single if held.rule in _LONG]
        if len(late) + len(folded) >= many:
            folded += late
            single = [one for one in single if one[0].rule not in _LONG]
        for held, page, ruling in single:
            await self._send(tx, held, page, ruling)
        if folded:
            await self._tell_together(tx, lane, folded)

    async def _hold_on(
        self, tx: Transaction, held: HeldRecord, page: Page, ruling: Ruling
    ) -> None:
        if ruling.rule != held.rule:
            await self._attention.note(tx, page, held, ruling)
        until = ruling.until or self._clock.now()
        await tx.held.postpone(
            replace(
                held,
                until=until,
                rule=ruling.rule,
                reason=ruling.reason,
                fold=ruling.action is Action.FOLD,
            )
        )

    async def _send(self, tx: Transaction, held: HeldRecord, page: Page, ruling: Ruling) -> None:
        row = self._row(held)
        if held.notice.kind is NoticeKind.REMINDER:
            row = replace(row, notice=await self._fresh(tx, held))
        await tx.held.remove(held.key)
        await tx.outbox.add(self._attention.sending(row, ruling))
        done = replace(ruling, rule=held.rule, reason=f"no longer held: {held.reason}")
        await self._attention.note(tx, page, held, done)

    async def _fresh(self, tx: Transaction, held: HeldRecord) -> Notice:
        record = await self._prompt(tx, held)
        if record is None:
            return held.notice
        session = self._roster.get(record.session)
        return reminder(record, self._clock.now(), session.task if session else "")

    async def _tell_together(
        self, tx: Transaction, lane: Lane, folded: Sequence[HeldRecord]
    ) -> None:
        found = [await self._prompt(tx, held) for held in folded if held.notice.code]
        prompts = {record.id: record for record in found if record is not None}
        told = digest(folded, tuple(prompts.values()))
        now = self._clock.now()
        channel, address = lane
        name = f"{DIGEST}{int(now.timestamp() * 1000)}"
        row = OutboxRecord(
            key=f"{name}>{channel}:{address}",
            channel=channel,
            address=address,
            urgency=told.urgency,
            delivery=Delivery.MUST,
            notice=told.notice,
            created_at=now,
            due_at=now,
            give_up_at=now + GIVE_UP,
            topic=name,
        )
        await tx.outbox.add(self._attention.sending(row, _TOGETHER))
        for held in folded:
            page = page_of(held.notice, held.urgency, held.since)
            if page is not None:
                await self._attention.note(tx, page, held, _TOGETHER)
            await tx.held.remove(held.key)

    async def _is_open(self, tx: Transaction, held: HeldRecord) -> bool:
        if not held.notice.code:
            return True
        record = await self._prompt(tx, held)
        return record is not None and record.state is PromptState.OPEN

    async def _prompt(self, tx: Transaction, held: HeldRecord) -> PromptRecord | None:
        kind, subject = subject_of(held.topic)
        return await tx.prompts.get(PromptId(subject)) if kind == "prompt" else None

    def _row(self, held: HeldRecord) -> OutboxRecord:
        now = self._clock.now()
        return OutboxRecord(
            key=held.key,
            channel=held.channel,
            address=held.address,
            urgency=held.urgency,
            delivery=held.delivery,
            notice=held.notice,
            created_at=now,
            due_at=now,
            give_up_at=now + GIVE_UP,
            topic=held.topic,
        )
