"""What rules of attention keep back, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("seq", _SEQUENCE, nullable=False),
        *_words("key", "channel", "address", "topic", "kind"),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        *_words("delivery", "notice"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        *_words("rule", "reason"),
        sa.Column("fold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("key", name="held_key"),
    )
    op.create_index("held_until", "held", ["until"])
    op.create_index("held_topic", "held", ["topic"])
    op.create_table(
        "rulings",
        sa.Column("seq", _SEQUENCE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *_words("code", "session", "channel", "address", "what", "action", "rule", "reason"),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("rulings_code", "rulings", ["code", "seq"])
    op.create_index("rulings_at", "rulings", ["at"])
