from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, create_engine

from bot.adapters.store.migrations.states import change_states


def changed(connection: Connection) -> str:
    with Operations.context(MigrationContext.configure(connection)):
        change_states("cups", "full", "empty full", "CREATE INDEX cups_state ON cups (state)")
    found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'cups'")
    return str(found.scalar_one())


def test_a_table_gets_other_states_and_keeps_its_rows_and_defaults() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        columns = "state TEXT CHECK (state IN ('full')), made TEXT DEFAULT 'a:b'"
        connection.exec_driver_sql(f"CREATE TABLE cups ({columns})")
        connection.exec_driver_sql("INSERT INTO cups (state) VALUES ('full')")

        assert "state IN ('empty', 'full')" in changed(connection)

        connection.exec_driver_sql("INSERT INTO cups (state) VALUES ('empty')")
        rows = connection.exec_driver_sql("SELECT state, made FROM cups ORDER BY state")
        assert [tuple(row) for row in rows] == [("empty", "a:b"), ("full", "a:b")]
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master ORDER BY name")
        assert [*names.scalars()] == ["cups", "cups_state"]
    engine.dispose()


def test_a_table_that_nobody_knows_is_left_alone() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE cups (state TEXT)")
        with pytest.raises(RuntimeError, match="cups is not what an earlier version made"):
            changed(connection)
        assert [*connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars()] == [
            "cups"
        ]
    engine.dispose()
