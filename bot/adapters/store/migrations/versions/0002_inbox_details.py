"""What a message was written in and what came with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("thread", "session", "receipt"):
        op.add_column("inbox", sa.Column(name, sa.Text(), server_default="", nullable=False))
    nothing = '{"v":1,"value":[]}'
    op.add_column("inbox", sa.Column("files", sa.Text(), server_default=nothing, nullable=False))
    op.add_column(
        "inbox",
        sa.Column("looks_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
