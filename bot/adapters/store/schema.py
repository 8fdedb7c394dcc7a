"""Brings a database to the tables this program knows, in one transaction, or refuses it."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.adapters.store import faults

MIGRATIONS = "bot.adapters.store:migrations"


def upgrade(connection: Connection, place: str) -> None:
    """The caller commits. Raises StoreUnusable for a newer or foreign database."""
    if _checked_revision(connection, place) != _head():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(connection: Connection, place: str) -> None:
    """For those who only read. Raises StoreUnusable unless nothing needs to be migrated."""
    if _checked_revision(connection, place) != _head():
        raise faults.older(place)


def _checked_revision(connection: Connection, place: str) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None and inspect(connection).get_table_names():
        raise faults.foreign(place)
    if revision is not None and revision not in _revisions():
        raise faults.newer(place, revision)
    return revision


def _head() -> str:
    return _revisions()[0]


@cache
def _revisions() -> tuple[str, ...]:
    """The newest first. Alembic loads every migration from its file to know this."""
    return tuple(
        script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return config
