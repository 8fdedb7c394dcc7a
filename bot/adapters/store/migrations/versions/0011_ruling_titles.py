"""What a ruling was about, in words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("key", "topic", "title"):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("rulings", column)
