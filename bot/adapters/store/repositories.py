"""Sessions, prompts and what belongs to them; one class per protocol of the port."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Table, bindparam, delete, func, or_, select, update

from bot.adapters.store.codec import pane_columns, to_milliseconds, to_row
from bot.adapters.store.link import Link
from bot.adapters.store.tables import PANE, cards, meta, presses, prompts, reports, sessions, texts
from bot.core.approvals import LIVE, PromptState
from bot.core.errors import NotFound
from bot.core.ids import Code, EventId, PaneKey, PressId, PromptId, SessionName
from bot.core.records import (
    ON_ITS_WAY,
    Card,
    PressRecord,
    PressState,
    PromptRecord,
    Report,
    TextRecord,
    TextState,
)
from bot.core.sessions import Session

_PROMPT = "prompt:"
"""How the topic of a prompt's card begins."""

# Built once: a statement that is made anew each time costs three times as much as to run it.
_LIVE_STATES = sorted(state.value for state in LIVE)
_NEW_PROMPT, _NEW_PRESS = prompts.insert(), presses.insert()
_BY_NAME = select(sessions).order_by(sessions.c.name)
_SESSION = select(sessions).where(sessions.c.name == bindparam("name"))
_PROMPT_OF_ID = select(prompts).where(prompts.c.id == bindparam("id"))
_PROMPT_OF_CODE = (
    select(prompts).where(prompts.c.code == bindparam("code")).order_by(prompts.c.seq.desc())
).limit(1)
_PROMPTS_IN = (
    select(prompts)
    .where(prompts.c.state.in_(bindparam("states", expanding=True)))
    .order_by(prompts.c.seq)
)
_LIVE_AT = (
    select(prompts)
    .where(prompts.c.state.in_(_LIVE_STATES))
    .where(*(prompts.c[name] == bindparam(name) for name in PANE))
    .order_by(prompts.c.seq)
)
_CODES_SINCE = select(prompts.c.code).where(
    or_(prompts.c.opened_at >= bindparam("since"), prompts.c.state.in_(_LIVE_STATES))
)
_PROMPT_CHANGED = update(prompts).where(
    (prompts.c.id == bindparam("same")) & (prompts.c.version == bindparam("before"))
)
_TEXTS_IN = (
    select(texts)
    .where(texts.c.state.in_(bindparam("states", expanding=True)))
    .order_by(texts.c.seq)
)
_CARDS_OF = (
    select(cards)
    .where(cards.c.topic == bindparam("topic"))
    .order_by(cards.c.sent_at.desc(), cards.c.seq.desc())
)
_META = select(meta.c.value).where(meta.c.key == bindparam("key"))


class SqlSessions:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def all(self) -> tuple[Session, ...]:
        """By name."""
        return await self._link.all(Session, _BY_NAME)

    async def get(self, name: SessionName) -> Session | None:
        return await self._link.one(Session, _SESSION, {"name": name})

    async def put(self, session: Session) -> None:
        await self._link.upsert(sessions, ("name",), to_row(session))

    async def remove(self, name: SessionName) -> None:
        await self._link.write(delete(sessions).where(sessions.c.name == name))


class SqlPrompts:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, record: PromptRecord) -> None:
        """Raises Conflict when the pane or the code has a live prompt already."""
        await self._link.write(_NEW_PROMPT, to_row(record))

    async def get(self, prompt: PromptId) -> PromptRecord | None:
        return await self._link.one(PromptRecord, _PROMPT_OF_ID, {"id": prompt})

    async def by_code(self, code: Code) -> PromptRecord | None:
        return await self._link.one(PromptRecord, _PROMPT_OF_CODE, {"code": code})

    async def in_states(self, states: frozenset[PromptState]) -> tuple[PromptRecord, ...]:
        return await self._link.all(PromptRecord, _PROMPTS_IN, {"states": _values(states)})

    async def live_at(self, pane: PaneKey) -> tuple[PromptRecord, ...]:
        return await self._link.all(PromptRecord, _LIVE_AT, pane_columns(pane))

    async def codes_since(self, since: datetime) -> frozenset[Code]:
        rows = await self._link.rows(_CODES_SINCE, {"since": to_milliseconds(since)})
        return frozenset(Code(row["code"]) for row in rows)

    async def last_settled(self, session: SessionName) -> PromptRecord | None:
        settled = (prompts.c.session == session) & prompts.c.state.not_in(_values(LIVE))
        found = select(prompts).where(settled).order_by(prompts.c.seq.desc())
        return await self._link.one(PromptRecord, found.limit(1))

    async def replace(self, record: PromptRecord) -> bool:
        row = to_row(record) | {"version": record.version + 1}
        about = {"same": record.id, "before": record.version}
        return await self._link.write(_PROMPT_CHANGED, {**row, **about}) == 1

    async def prune(self, before: datetime) -> int:
        limit = to_milliseconds(before)
        ended = func.coalesce(prompts.c.closed_at, prompts.c.decided_at, prompts.c.opened_at)
        # The first has an index; some were open for long.
        old = (prompts.c.opened_at < limit) & (ended < limit)
        over = prompts.c.state.not_in(_values(LIVE))
        named = select(sessions.c.prompt).where(sessions.c.prompt.is_not(None))
        free = prompts.c.id.not_in(named)
        return await self._link.write(delete(prompts).where(old & over & free))


class SqlPresses:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, record: PressRecord) -> None:
        """Raises Conflict when that step of that owner is there already."""
        await self._link.write(_NEW_PRESS, to_row(record))

    async def advance(self, press: PressId, state: PressState, reason: str = "") -> None:
        await _advance(self._link, presses, press, state, reason)

    async def of(self, owner: str) -> tuple[PressRecord, ...]:
        found = select(presses).where(presses.c.owner == owner)
        return await self._link.all(PressRecord, found.order_by(presses.c.step))

    async def in_states(self, states: frozenset[PressState]) -> tuple[PressRecord, ...]:
        """Oldest first."""
        found = select(presses).where(presses.c.state.in_(_values(states)))
        return await self._link.all(PressRecord, found.order_by(presses.c.seq))

    async def prune(self, before: datetime) -> int:
        old = presses.c.at < to_milliseconds(before)
        owners = (select(prompts.c.id), select(texts.c.id))
        lost = [presses.c.owner.not_in(known) for known in owners]
        return await self._link.write(delete(presses).where(old, *lost))


class SqlCards:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def put(self, card: Card) -> None:
        """A message belongs to one topic: a second card of the same message replaces it."""
        await self._link.upsert(cards, ("channel", "address", "message"), to_row(card))

    async def of(self, topic: str) -> tuple[Card, ...]:
        """Newest first: after a message was lost and sent anew, the new one is the card."""
        return await self._link.all(Card, _CARDS_OF, {"topic": topic})

    async def by_message(self, channel: str, address: str, message: str) -> Card | None:
        same = (cards.c.channel == channel) & (cards.c.address == address)
        return await self._link.one(Card, select(cards).where(same & (cards.c.message == message)))

    async def remove(self, channel: str, address: str, message: str) -> None:
        same = (cards.c.channel == channel) & (cards.c.address == address)
        await self._link.write(delete(cards).where(same & (cards.c.message == message)))

    async def prune(self, before: datetime) -> int:
        old = cards.c.sent_at < to_milliseconds(before)
        is_known = func.substr(cards.c.topic, len(_PROMPT) + 1).in_(select(prompts.c.id))
        kept = cards.c.topic.startswith(_PROMPT) & is_known
        return await self._link.write(delete(cards).where(old & ~kept))


class SqlReports:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def get(self, channel: str, message: str) -> Report | None:
        same = (reports.c.channel == channel) & (reports.c.message == message)
        return await self._link.one(Report, select(reports).where(same))

    async def put(self, report: Report) -> None:
        await self._link.upsert(reports, ("channel", "message"), to_row(report))

    async def prune(self, before: datetime) -> int:
        old = reports.c.at < to_milliseconds(before)
        return await self._link.write(delete(reports).where(old))


class SqlTexts:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def add(self, record: TextRecord) -> bool:
        return await self._link.add(texts, ("id",), to_row(record))

    async def get(self, text: EventId) -> TextRecord | None:
        return await self._link.one(TextRecord, select(texts).where(texts.c.id == text))

    async def in_states(self, states: frozenset[TextState]) -> tuple[TextRecord, ...]:
        return await self._link.all(TextRecord, _TEXTS_IN, {"states": _values(states)})

    async def advance(self, text: EventId, state: TextState, reason: str = "") -> None:
        await _advance(self._link, texts, text, state, reason)

    async def prune(self, before: datetime) -> int:
        over = texts.c.state.not_in(_values(ON_ITS_WAY))
        old = texts.c.queued_at < to_milliseconds(before)
        return await self._link.write(delete(texts).where(over & old))


class SqlMeta:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def get(self, key: str) -> str | None:
        rows = await self._link.rows(_META, {"key": key})
        return str(rows[0]["value"]) if rows else None

    async def put(self, key: str, value: str) -> None:
        await self._link.upsert(meta, ("key",), {"key": key, "value": value})

    async def keys(self, prefix: str) -> tuple[str, ...]:
        begins = meta.c.key.startswith(prefix, autoescape=True)
        rows = await self._link.rows(select(meta.c.key).where(begins).order_by(meta.c.key))
        return tuple(str(row["key"]) for row in rows)

    async def remove(self, key: str) -> None:
        await self._link.write(delete(meta).where(meta.c.key == key))


def _values(states: Iterable[StrEnum]) -> list[str]:
    return [state.value for state in states]


async def _advance(link: Link, table: Table, id_: str, state: StrEnum, reason: str) -> None:
    changed = update(table).where(table.c.id == id_).values(state=state.value, reason=reason)
    if await link.write(changed) == 0:
        raise NotFound(f"the ledger has no row {id_!r} among its {table.name}")
