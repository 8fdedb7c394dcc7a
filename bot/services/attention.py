"""Applies the rules of attention to each notice for each recipient, and keeps what they need:
what people said in the chat, who types where, and what rang lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.attention.pages import (
    Action,
    Moment,
    Page,
    Recipient,
    Ruling,
    Told,
    page_of,
)
from bot.core.attention.rules import Rules, Standing, dump, read
from bot.core.attention.ruling import WINDOW, rule
from bot.core.ids import PaneId, SessionName
from bot.core.notices import NoticeKind
from bot.core.records import Delivery, HeldRecord, OutboxRecord, RulingRecord
from bot.ports.channel import Channel, Gathering
from bot.ports.clock import Clock
from bot.ports.presence import Presence
from bot.ports.store import Store, Transaction
from bot.services.people import Paired, nobody
from bot.services.roster import Roster

log = structlog.get_logger()

STANDING = "attention:standing"
DIGEST = "digest:"
TITLE = 160
"""Characters of a notice's title that are kept with a ruling."""
Lane = tuple[str, str]
"""Channel and address."""


class Attention:
    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        roster: Roster,
        presence: Presence,
        clock: Clock,
        rules: Rules,
        paired: Paired = nobody,
    ) -> None:
        self._store = store
        self._channels = {channel.id: channel for channel in channels}
        self._roster = roster
        self._presence = presence
        self._clock = clock
        self._paired = paired
        self.rules = rules
        self.standing = Standing()
        self.holding = False
        """Whether anything may be held now."""
        self._typed: Mapping[PaneId, datetime] = {}
        self._told: defaultdict[Lane, list[Told]] = defaultdict(list)
        self._digests: dict[Lane, datetime] = {}

    @property
    def remind(self) -> timedelta:
        said = self.standing.remind
        return timedelta(seconds=said) if said else self.rules.remind

    async def load(self) -> None:
        """After a restart: what was said, what is held, and what rang lately."""
        now = self._clock.now()
        async with self._store.snapshot() as tx:
            said = await tx.meta.get(STANDING)
            self.standing = read(said).current(now) if said else Standing()
            self.holding = await tx.held.next_due() is not None
            rows = await tx.outbox.made_since(now - max(WINDOW, self.rules.digest_every))
        for row in rows:
            self._remember(row, row.created_at)

    async def change(self, how: Callable[[Standing], Standing]) -> None:
        """What is held is looked at again: it may be due now."""
        now = self._clock.now()
        after = how(self.standing.current(now))
        async with self._store.transaction() as tx:
            await tx.meta.put(STANDING, dump(after))
            await tx.held.review(now)
        self.standing = after

    async def look(self) -> None:
        """Who types where."""
        if self.rules.presence:
            self._typed = await self._presence.typed()

    def typed_at(self, pane: PaneId) -> datetime | None:
        return self._typed.get(pane)

    async def admit(
        self, tx: Transaction, row: OutboxRecord, since: datetime | None = None
    ) -> OutboxRecord | None:
        """The row to queue now, or None: it is held, or dropped. ``since``: when the matter
        arose, if not now."""
        if row.notice.kind is NoticeKind.CLOSED:
            self._forget(row)
            await self._settled(tx, row)
            return row
        if row.notice.kind is NoticeKind.PROMPT and row.delivery is Delivery.LATEST:
            return await self._changed(tx, row)
        page = page_of(row.notice, row.urgency, since or row.created_at)
        if page is None:
            return row
        ruling = await self.judge(tx, page, row)
        if ruling.rule and self._channels[row.channel].capabilities.rings:
            await self.note(tx, page, row, ruling)
        if ruling.action is Action.SEND:
            if page.reminds:
                await self._settled(tx, row)  # an older one, held until just now
            return self.sending(row, ruling)
        if ruling.action is not Action.DROP:
            await tx.held.add(_held(row, page, ruling))
            self.holding = True
        return None

    async def judge(self, tx: Transaction, page: Page, row: OutboxRecord | HeldRecord) -> Ruling:
        now = self._clock.now()
        lane = (row.channel, row.address)
        recent = [told for told in self._told[lane] if told.at > now - WINDOW]
        self._told[lane] = recent
        session = self._roster.get(SessionName(page.session))
        moment = Moment(
            now,
            self.rules,
            self.standing,
            self._typed.get(session.pane.pane) if session is not None else None,
            tuple(recent),
            self._digests.get(lane),
            page.reminds and self.holding and await _card_held(tx, row),
            max((t.at for t in recent if page.reminds and t.topic == row.topic), default=None),
        )
        return rule(page, self._recipient(row.channel, row.address), moment)

    def sending(self, row: OutboxRecord, ruling: Ruling) -> OutboxRecord:
        """Remembered, if it rings."""
        if ruling.silent:
            row = replace(row, notice=replace(row.notice, silent=True))
        self._remember(row, self._clock.now())
        return row

    async def note(
        self, tx: Transaction, page: Page, row: OutboxRecord | HeldRecord, ruling: Ruling
    ) -> None:
        await tx.rulings.add(
            RulingRecord(
                self._clock.now(),
                page.code,
                page.session,
                row.channel,
                row.address,
                row.notice.kind.value,
                ruling.action.value,
                ruling.rule,
                ruling.reason,
                ruling.until,
                row.key,
                row.topic,
                row.notice.title[:TITLE],
            )
        )

    async def _changed(self, tx: Transaction, row: OutboxRecord) -> OutboxRecord | None:
        """A card that stands there says something else now; one that is held will."""
        for held in await tx.held.of(row.topic) if self.holding else ():
            same = (held.channel, held.address) == (row.channel, row.address)
            if same and held.notice.kind is NoticeKind.PROMPT:
                await tx.held.remove(held.key)
                await tx.held.add(replace(held, key=row.key, notice=row.notice))
                return None
        return row

    async def _settled(self, tx: Transaction, row: OutboxRecord) -> None:
        """What is held of that topic for that recipient is not needed any more."""
        for held in await tx.held.of(row.topic) if self.holding else ():
            if (held.channel, held.address) == (row.channel, row.address):
                await tx.held.remove(held.key)

    def _forget(self, row: OutboxRecord) -> None:
        lane = (row.channel, row.address)
        self._told[lane] = [told for told in self._told[lane] if told.topic != row.topic]

    def _remember(self, row: OutboxRecord, at: datetime) -> None:
        lane = (row.channel, row.address)
        if row.topic.startswith(DIGEST):
            self._digests[lane] = at
            return
        page = page_of(row.notice, row.urgency, at)
        if row.notice.kind is NoticeKind.CLOSED:
            self._forget(row)
        if page is None or row.notice.silent:
            return
        again = any(told.topic == row.topic for told in self._told[lane] if row.topic)
        if not (page.reminds and again):
            self._told[lane].append(Told(at, page.weight, page.session, row.topic))

    def has_phone(self, channel: str) -> bool:
        known = self._channels.get(channel)
        return known is not None and known.capabilities.rings

    def people_at(self, channel: str, address: str) -> tuple[str, ...]:
        """Principal ids of those who read there."""
        known = self._channels[channel]
        place = known.gathering if isinstance(known, Gathering) else ""
        paired = {user: place or to for user, to in self._paired(channel).items()}
        listed = {**known.allowed, **paired}
        return tuple(f"{channel}:{user}" for user, to in listed.items() if to == address)

    def _recipient(self, channel: str, address: str) -> Recipient:
        can = self._channels[channel].capabilities
        people = self.people_at(channel, address)
        rung = self.rung(channel, people) if can.rings else 0
        return Recipient(channel, address, people, can.rings, can.costs, rung)

    def rung(self, channel: str, people: Sequence[str]) -> int:
        """Who is on none is told last."""
        ringing = [c.id for c in self._channels.values() if c.capabilities.rings]
        ladder = self.rules.escalate_to or tuple(ringing)
        found = (n for n, name in enumerate(ladder) if name == channel or name in people)
        return next(found, len(ladder))


async def _card_held(tx: Transaction, row: OutboxRecord | HeldRecord) -> bool:
    return any(
        held.notice.kind is NoticeKind.PROMPT
        for held in await tx.held.of(row.topic)
        if (held.channel, held.address) == (row.channel, row.address)
    )


def _held(row: OutboxRecord, page: Page, ruling: Ruling) -> HeldRecord:
    if ruling.until is None:
        raise ValueError(f"the rule {ruling.rule!r} holds without an end")
    return HeldRecord(
        row.key,
        row.channel,
        row.address,
        row.urgency,
        row.delivery,
        row.notice,
        row.topic,
        page.since,
        ruling.until,
        ruling.rule,
        ruling.reason,
        ruling.action is Action.FOLD,
    )
