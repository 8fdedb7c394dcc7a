"""An agent that waits for a login is in a state of its own."""

from __future__ import annotations

from bot.adapters.store.migrations.states import change_states

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    change_states(
        "sessions",
        "approval dead idle menu none plan question shell trust unreadable working",
        "approval dead idle login menu none plan question shell trust unreadable working",
    )
