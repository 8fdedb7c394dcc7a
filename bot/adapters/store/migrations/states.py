"""A column of states gets other ones: what several migrations have to do."""

from __future__ import annotations

from alembic import op


def change_states(table: str, before: str, now: str, *indexes: str) -> None:
    """``before`` and ``now``: the states of the column ``state``, with blanks between them.
    ``indexes``: SQL of those that the table has; a table that is made anew has none.

    SQLite changes no constraint, and Alembic's own way of it loses what stands behind the colon
    of a default (1.20)."""
    constraint = f"{table}_state_known"
    old, new = _among(before), _among(now)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(constraint, table, type_="check")
        op.create_check_constraint(constraint, table, new)
        return
    bind = op.get_bind()
    found = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    definition = found.scalar_one()
    if old not in definition:
        raise RuntimeError(f"the table of {table} is not what an earlier version made")
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    bind.exec_driver_sql(definition.replace(old, new))
    moved = f"INSERT INTO {table} SELECT * FROM {table}_before"  # noqa: S608 - a migration's own words
    bind.exec_driver_sql(moved)
    bind.exec_driver_sql(f"DROP TABLE {table}_before")
    for index in indexes:
        bind.exec_driver_sql(index)


def _among(states: str) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in states.split()))
