"""What agents tell by their hooks: of a prompt, and of the conversation in a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, names in (
        ("sessions", ("call", "conversation", "transcript")),
        ("prompts", ("call",)),
    ):
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column(
        "sessions", sa.Column("agent_pid", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("prompts", sa.Column("shown", sa.Text(), nullable=True))
