"""How far each pane has been read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_EMPTY = '{"v":1,"value":{}}'


def upgrade() -> None:
    column = sa.Column("anchor", sa.Text(), server_default=_EMPTY, nullable=False)
    op.add_column("sessions", column)
