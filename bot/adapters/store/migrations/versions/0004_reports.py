"""What providers told of messages that they had taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FATES = "'bounced', 'delivered', 'failed', 'queued', 'read', 'sent'"


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("seq", _SEQUENCE, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("channel", "message", name="reports_message"),
        sa.CheckConstraint(f"fate IN ({_FATES})", name="reports_fate_known"),
    )
