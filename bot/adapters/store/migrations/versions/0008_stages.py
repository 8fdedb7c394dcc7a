"""How far a session has come, its vitals, and what is amiss with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WORDS = {
    "stage": "spawned",
    "history": '{"v":1,"value":[]}',
    "vitals": '{"v":1,"value":{}}',
    "left_by": "",
    "concern": "",
}


def upgrade() -> None:
    for name, default in _WORDS.items():
        column = sa.Column(name, sa.Text(), server_default=default, nullable=False)
        op.add_column("sessions", column)
    for name in ("task_at", "concern_at"):
        op.add_column("sessions", sa.Column(name, sa.BigInteger(), nullable=True))
