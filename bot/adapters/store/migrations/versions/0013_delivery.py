"""A text may be typed and not yet sent, queued by the agent, taken back or without a sign."""

from __future__ import annotations

from bot.adapters.store.migrations.states import change_states

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    change_states(
        "texts",
        "attempting delivered expired queued refused unknown",
        "attempting delivered expired handed queued refused typed unconfirmed unknown withdrawn",
        "CREATE INDEX texts_state ON texts (state, seq)",
    )
