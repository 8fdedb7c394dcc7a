"""Which signals of a session have been told, and how it marks its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_EMPTY = '{"v":1,"value":{}}'


def upgrade() -> None:
    for name, default in (("memory", _EMPTY), ("tag", "")):
        column = sa.Column(name, sa.Text(), server_default=default, nullable=False)
        op.add_column("sessions", column)
