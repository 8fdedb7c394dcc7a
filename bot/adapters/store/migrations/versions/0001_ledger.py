"""The first ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVE = sa.text("state IN ('attempting', 'decided', 'open')")

_APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END'",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ],
}


def upgrade() -> None:
    create_sessions()
    create_prompts()
    create_presses()
    create_inbox()
    create_outbox()
    create_cards()
    create_texts()
    create_audit()
    create_meta()
    create_chat()


def create_sessions() -> None:
    op.create_table(
        "sessions",
        *_texts("name"),
        *_numbers("server_pid", "server_start"),
        *_texts("pane"),
        *_numbers("pane_pid"),
        *_texts("tmux_session", "directory", "origin"),
        *_numbers("started_at", "last_activity", "state_since"),
        *_texts("agent", "phase", "state", "activity", "task"),
        *_flags("watched"),
        *_numbers("epoch"),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=True),
        *_texts("signals", "started_by"),
        sa.PrimaryKeyConstraint("name"),
        _known("sessions", "origin", "found started"),
        _known("sessions", "phase", "ended idle shell starting waiting working"),
        _known(
            "sessions",
            "state",
            "approval dead idle menu none plan question shell trust unreadable working",
        ),
    )


def create_prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_texts("id", "code", "session"),
        *_numbers("server_pid", "server_start"),
        *_texts("pane"),
        *_numbers("pane_pid", "epoch"),
        *_texts("fingerprint", "prompt", "state"),
        *_numbers("opened_at", "version"),
        sa.Column("decision", sa.Text(), nullable=True),
        *_texts("decided_by", "decided_name"),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_event", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        *_texts("reason", "always_asked"),
        sa.Column("remind_at", sa.BigInteger(), nullable=True),
        *_numbers("reminded"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint(
            "server_pid", "server_start", "pane", "pane_pid", "epoch", name="prompts_appearance"
        ),
        sa.UniqueConstraint("id", name="prompts_id"),
        _known(
            "prompts",
            "state",
            "answered_locally applied attempting confirmed decided expired gone open refused "
            "superseded unknown",
        ),
    )
    op.create_index("prompts_code", "prompts", ["code"])
    _create_live_index("prompts_live_code", ["code"])
    _create_live_index("prompts_live_pane", ["server_pid", "server_start", "pane", "pane_pid"])
    op.create_index("prompts_opened", "prompts", ["opened_at"])
    op.create_index("prompts_state", "prompts", ["state", "seq"])


def create_presses() -> None:
    op.create_table(
        "presses",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_texts("id", "owner"),
        *_numbers("step"),
        *_texts("keys"),
        *_numbers("server_pid", "server_start"),
        *_texts("pane"),
        *_numbers("pane_pid"),
        *_flags("deciding"),
        *_numbers("deadline"),
        *_texts("state"),
        *_numbers("at"),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="presses_id"),
        _known("presses", "state", "applied attempting intent refused unknown"),
        sa.UniqueConstraint("owner", "step", name="presses_step"),
    )
    op.create_index("presses_state", "presses", ["state", "seq"])


def create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_texts("channel", "event", "user", "name", "address", "text", "reply_to"),
        *_flags("tapped"),
        *_texts("state"),
        *_numbers("received_at"),
        *_texts("outcome"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("channel", "event", name="inbox_event"),
        _known("inbox", "state", "done new rejected running"),
    )
    op.create_index("inbox_state", "inbox", ["state", "seq"])


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _SEQUENCE, nullable=False),
        *_texts("key", "channel", "address"),
        *_numbers("urgency"),
        *_texts("delivery", "notice"),
        *_numbers("created_at", "due_at", "give_up_at"),
        *_texts("topic", "state"),
        *_numbers("attempts"),
        *_texts("message", "error"),
        sa.PrimaryKeyConstraint("id"),
        _known("outbox", "delivery", "latest must"),
        sa.UniqueConstraint("key", name="outbox_key"),
        _known("outbox", "state", "dead dropped queued sending sent"),
    )
    op.create_index("outbox_due", "outbox", ["state", "due_at"])
    op.create_index("outbox_topic", "outbox", ["topic", "channel", "address"])


def create_cards() -> None:
    op.create_table(
        "cards",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_texts("topic", "channel", "address", "message"),
        *_numbers("sent_at"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("channel", "address", "message", name="cards_message"),
    )
    op.create_index("cards_topic", "cards", ["topic"])


def create_texts() -> None:
    op.create_table(
        "texts",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_texts("id", "session", "text", "principal", "channel", "address", "state"),
        *_numbers("queued_at", "expires_at"),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="texts_id"),
        _known("texts", "state", "attempting delivered expired queued refused unknown"),
    )
    op.create_index("texts_state", "texts", ["state", "seq"])


def create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        *_numbers("at"),
        *_texts("actor", "event", "subject", "data", "previous", "hash"),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("audit_at", "audit", ["at"])
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def create_meta() -> None:
    op.create_table(
        "meta",
        *_texts("key", "value"),
        sa.PrimaryKeyConstraint("key"),
    )


def create_chat() -> None:
    op.create_table(
        "chat",
        sa.Column("id", _SEQUENCE, nullable=False),
        *_numbers("revision", "at"),
        *_flags("mine"),
        *_texts("text"),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("revision", name="chat_revision"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _known(table: str, column: str, values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{table}_{column}_known")


def _create_live_index(name: str, columns: list[str]) -> None:
    op.create_index(
        name, "prompts", columns, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    )
