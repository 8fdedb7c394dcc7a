"""An agent that waits for a login is in a state of its own."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE, _NOW = (
    "state IN ({})".format(", ".join(f"'{state}'" for state in states.split()))
    for states in (
        "approval dead idle menu none plan question shell trust unreadable working",
        "approval dead idle login menu none plan question shell trust unreadable working",
    )
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
        return
    op.drop_constraint("sessions_state_known", "sessions", type_="check")
    op.create_check_constraint("sessions_state_known", "sessions", _NOW)


def _make_anew() -> None:
    """SQLite changes no constraint. Alembic's own way of it loses what stands behind the colon of
    a default (1.20)."""
    bind = op.get_bind()
    found = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'sessions'")
    definition = found.scalar_one()
    if _BEFORE not in definition:
        raise RuntimeError("the table of sessions is not what an earlier version made")
    bind.exec_driver_sql("ALTER TABLE sessions RENAME TO sessions_before")
    bind.exec_driver_sql(definition.replace(_BEFORE, _NOW))
    bind.exec_driver_sql("INSERT INTO sessions SELECT * FROM sessions_before")
    bind.exec_driver_sql("DROP TABLE sessions_before")
