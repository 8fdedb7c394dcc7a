"""Brings a database to the tables this program knows, in one transaction, or refuses it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.adapters.store import faults

MIGRATIONS = "bot.adapters.store:migrations"


def upgrade(connection: Connection, place: str) -> None:
    """The caller commits. Raises StoreUnusable for a newer or foreign database."""
    revision = _checked_revision(connection, place)
    config = _config()
    if revision != ScriptDirectory.from_config(config).get_current_head():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(connection: Connection, place: str) -> None:
    """For those who only read. Raises StoreUnusable unless nothing needs to be migrated."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if _checked_revision(connection, place) != head:
        raise faults.older(place)


def _checked_revision(connection: Connection, place: str) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is None and inspect(connection).get_table_names():
        raise faults.foreign(place)
    if revision is not None and revision not in known:
        raise faults.newer(place, revision)
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return config
