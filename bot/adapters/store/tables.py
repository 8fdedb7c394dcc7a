"""The tables of the ledger, for SQLite and PostgreSQL alike.

Times are milliseconds since 1970, structured values JSON in text. A change here needs a new file
in ``migrations/versions``; a test compares the two.
"""

from __future__ import annotations

import re
from enum import StrEnum

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

from bot.core.agent import State
from bot.core.approvals import LIVE, PromptState
from bot.core.fate import Fate
from bot.core.lifecycle import Phase
from bot.core.records import Delivery, InboxState, OutboxState, PressState, TextState
from bot.core.sessions import Origin
from bot.core.stages import Stage

_MARK = "\x1a"
_UNSTORABLE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a(\x1a|0|d[89a-f][0-9a-f]{2})")


def escape(text: str) -> str:
    """PostgreSQL takes no NUL and no UTF-8 encoder a lone surrogate: such characters are written
    as SUB with their number. Everything else is stored as it is."""
    return _UNSTORABLE.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    character = match[0]
    return _MARK + (character if character == _MARK else f"{ord(character):x}")


def unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _MARK if match[1] == _MARK else chr(int(match[1], 16)), text)


class Words(TypeDecorator[str]):
    """Text in which any Python string comes back as it went in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        # SQLite may hold another type in a damaged row; whoever reads the row complains.
        return unescape(value) if isinstance(value, str) else value


metadata = MetaData()

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
"""Counted by the database: SQLite does that for INTEGER only."""


def _listed(states: type[StrEnum] | frozenset[PromptState]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def _one_of(table: str, column: str, states: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({_listed(states)})", name=f"{table}_{column}_known")


def _words(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Words, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _later(name: str, default: str) -> Column[str]:
    """Not in the first tables: older rows have the default."""
    return Column(name, Words, server_default=default, nullable=False)


def _pane() -> tuple[Column[int], Column[int], Column[str], Column[int]]:
    return _whole("server_pid"), _whole("server_start"), _words("pane"), _whole("pane_pid")


PANE = ("server_pid", "server_start", "pane", "pane_pid")
_IS_LIVE = text(f"state IN ({_listed(LIVE)})")

EMPTY = '{"v":1,"value":{}}'
"""A structured value with nothing but defaults."""
NONE = '{"v":1,"value":[]}'

sessions = Table(
    "sessions",
    metadata,
    Column("name", Words, nullable=False, primary_key=True),
    *_pane(),
    _words("tmux_session"),
    _words("directory"),
    _words("origin"),
    _whole("started_at"),
    _whole("last_activity"),
    _whole("state_since"),
    _words("agent"),
    _words("phase"),
    _words("state"),
    _words("activity"),
    _words("task"),
    _flag("watched"),
    _whole("epoch"),
    _words("fingerprint", nullable=True),
    _words("prompt", nullable=True),
    _words("signals"),
    _words("started_by"),
    _later("call", ""),
    _later("conversation", ""),
    _later("transcript", ""),
    Column("agent_pid", BigInteger, server_default="0", nullable=False),
    _later("memory", EMPTY),
    _later("tag", ""),
    _later("stage", Stage.SPAWNED),
    _later("history", NONE),
    _whole("task_at", nullable=True),
    _later("vitals", EMPTY),
    _later("left_by", ""),
    _later("concern", ""),
    _whole("concern_at", nullable=True),
    _later("anchor", EMPTY),
    _one_of("sessions", "origin", Origin),
    _one_of("sessions", "phase", Phase),
    _one_of("sessions", "state", State),
)

prompts = Table(
    "prompts",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("id"),
    _words("code"),
    _words("session"),
    *_pane(),
    _whole("epoch"),
    _words("fingerprint"),
    _words("prompt"),
    _words("state"),
    _whole("opened_at"),
    _whole("version"),
    _words("decision", nullable=True),
    _words("decided_by"),
    _words("decided_name"),
    _whole("decided_at", nullable=True),
    _words("decided_event", nullable=True),
    _whole("closed_at", nullable=True),
    _words("reason"),
    _words("always_asked"),
    _whole("remind_at", nullable=True),
    _whole("reminded"),
    _later("call", ""),
    _words("shown", nullable=True),
    UniqueConstraint("id", name="prompts_id"),
    UniqueConstraint(*PANE, "epoch", name="prompts_appearance"),
    _one_of("prompts", "state", PromptState),
)

Index("prompts_state", prompts.c.state, prompts.c.seq)
Index("prompts_opened", prompts.c.opened_at)
Index("prompts_code", prompts.c.code)
Index(
    "prompts_live_pane",
    *(prompts.c[name] for name in PANE),
    unique=True,
    sqlite_where=_IS_LIVE,
    postgresql_where=_IS_LIVE,
)
Index(
    "prompts_live_code",
    prompts.c.code,
    unique=True,
    sqlite_where=_IS_LIVE,
    postgresql_where=_IS_LIVE,
)

presses = Table(
    "presses",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("id"),
    _words("owner"),
    _whole("step"),
    _words("keys"),
    *_pane(),
    _flag("deciding"),
    _whole("deadline"),
    _words("state"),
    _whole("at"),
    _words("reason"),
    UniqueConstraint("id", name="presses_id"),
    UniqueConstraint("owner", "step", name="presses_step"),
    _one_of("presses", "state", PressState),
)
Index("presses_state", presses.c.state, presses.c.seq)

inbox = Table(
    "inbox",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("channel"),
    _words("event"),
    _words("user"),
    _words("name"),
    _words("address"),
    _words("text"),
    _words("reply_to"),
    _flag("tapped"),
    _words("state"),
    _whole("received_at"),
    _words("outcome"),
    UniqueConstraint("channel", "event", name="inbox_event"),
    _one_of("inbox", "state", InboxState),
    _later("thread", ""),
    _later("session", ""),
    _later("receipt", ""),
    _later("files", '{"v":1,"value":[]}'),
    Column("looks_only", Boolean, server_default=false(), nullable=False),
    _whole("sent_at", nullable=True),
)
Index("inbox_state", inbox.c.state, inbox.c.seq)

outbox = Table(
    "outbox",
    metadata,
    Column("id", SEQUENCE, primary_key=True),
    _words("key"),
    _words("channel"),
    _words("address"),
    _whole("urgency"),
    _words("delivery"),
    _words("notice"),
    _whole("created_at"),
    _whole("due_at"),
    _whole("give_up_at"),
    _words("topic"),
    _words("state"),
    _whole("attempts"),
    _words("message"),
    _words("error"),
    UniqueConstraint("key", name="outbox_key"),
    _one_of("outbox", "delivery", Delivery),
    _one_of("outbox", "state", OutboxState),
)
Index("outbox_due", outbox.c.state, outbox.c.due_at)
Index("outbox_topic", outbox.c.topic, outbox.c.channel, outbox.c.address)

cards = Table(
    "cards",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("topic"),
    _words("channel"),
    _words("address"),
    _words("message"),
    _whole("sent_at"),
    UniqueConstraint("channel", "address", "message", name="cards_message"),
)
Index("cards_topic", cards.c.topic)

reports = Table(
    "reports",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("channel"),
    _words("message"),
    _words("fate"),
    _words("error"),
    _whole("at"),
    UniqueConstraint("channel", "message", name="reports_message"),
    _one_of("reports", "fate", Fate),
)

texts = Table(
    "texts",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("id"),
    _words("session"),
    _words("text"),
    _words("principal"),
    _words("channel"),
    _words("address"),
    _words("state"),
    _whole("queued_at"),
    _whole("expires_at"),
    _words("reason"),
    UniqueConstraint("id", name="texts_id"),
    _one_of("texts", "state", TextState),
)
Index("texts_state", texts.c.state, texts.c.seq)

people = Table(
    "people",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("channel"),
    _words("user"),
    _words("name"),
    _words("address"),
    _whole("added_at"),
    UniqueConstraint("channel", "user", name="people_user"),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _words("hash"),
    _words("channel"),
    _whole("made_at"),
    _whole("expires_at"),
    _flag("used"),
    UniqueConstraint("hash", name="pairing_codes_hash"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _whole("at"),
    _words("actor"),
    _words("event"),
    _words("subject"),
    _words("data"),
    _words("previous"),
    _words("hash"),
)
Index("audit_at", audit.c.at)

meta = Table(
    "meta",
    metadata,
    Column("key", Words, nullable=False, primary_key=True),
    _words("value"),
)

chat = Table(
    "chat",
    metadata,
    Column("id", SEQUENCE, primary_key=True),
    _whole("revision"),
    _whole("at"),
    _flag("mine"),
    _words("text"),
    _words("notice", nullable=True),
    _whole("reply_to", nullable=True),
    UniqueConstraint("revision", name="chat_revision"),
)

APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END'",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ],
}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(audit, "after_create", _ddl.execute_if(dialect=_dialect))
