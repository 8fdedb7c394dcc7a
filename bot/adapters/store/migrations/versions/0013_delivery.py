"""A text may be typed and not yet sent, queued by the agent, taken back or without a sign."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE, _NOW = (
    "state IN ({})".format(", ".join(f"'{state}'" for state in states.split()))
    for states in (
        "attempting delivered expired queued refused unknown",
        "attempting delivered expired handed queued refused typed unconfirmed unknown withdrawn",
    )
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
        return
    op.drop_constraint("texts_state_known", "texts", type_="check")
    op.create_check_constraint("texts_state_known", "texts", _NOW)


def _make_anew() -> None:
    """SQLite changes no constraint."""
    bind = op.get_bind()
    found = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'texts'")
    definition = found.scalar_one()
    if _BEFORE not in definition:
        raise RuntimeError("the table of texts is not what an earlier version made")
    bind.exec_driver_sql("ALTER TABLE texts RENAME TO texts_before")
    bind.exec_driver_sql(definition.replace(_BEFORE, _NOW))
    bind.exec_driver_sql("INSERT INTO texts SELECT * FROM texts_before")
    bind.exec_driver_sql("DROP TABLE texts_before")
    bind.exec_driver_sql("CREATE INDEX texts_state ON texts (state, seq)")
