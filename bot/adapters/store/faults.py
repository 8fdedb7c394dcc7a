"""What a database driver says, as one line for a person: which file, what is wrong, what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.errors import StoreOutdated, StoreUnusable, WingmanError

Failure = (DBAPIError, PoolTimeout, OSError)
"""What a call of the database may raise."""


class Conflict(WingmanError):
    """The ledger holds something that excludes the new row. Nothing was written."""


def locked(place: str, seconds: float) -> StoreUnusable:
    return StoreUnusable(
        f"{place} is locked by another program (waited {seconds:g} s): close what has it open, "
        "a second gateway, a backup or a database browser"
    )


def full(place: str) -> StoreUnusable:
    return StoreUnusable(
        f"no room left on the disk of {place}, nothing was written: free some space, "
        "and Wingman goes on by itself"
    )


def damaged(place: str, detail: str) -> StoreUnusable:
    reason = " ".join(detail.split())
    return StoreUnusable(
        f"{place} is damaged ({reason}): stop Wingman, keep a copy of the file, and put a backup "
        "in its place; moving it away starts an empty ledger"
    )


def readonly(place: str) -> StoreUnusable:
    return StoreUnusable(
        f"{place} cannot be written: give this user write permission to the file and its directory"
    )


def unreachable(place: str, detail: str) -> StoreUnusable:
    return StoreUnusable(
        f"{place} cannot be opened ({detail}): check that it exists and may be read"
    )


def foreign(place: str) -> StoreUnusable:
    return StoreUnusable(
        f"{place} is a database of another program: "
        "point WINGMAN_DATABASE_URL or WINGMAN_STATE_DIR elsewhere"
    )


def newer(place: str, revision: str) -> StoreUnusable:
    return StoreUnusable(
        f"{place} was written by a newer Wingman (schema {revision}): update Wingman, "
        "or put back the backup from before the update"
    )


def older(place: str) -> StoreUnusable:
    return StoreOutdated(f"{place} is of an older Wingman: start the gateway once to update it")


def replaced(path: Path) -> StoreUnusable:
    return StoreUnusable(
        f"{path} was deleted or replaced while Wingman had it open, so nothing is written any "
        "more: put the file back and start Wingman again"
    )


def explain(error: Exception, place: str, waited: float) -> WingmanError:
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original, place, waited)
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return _of_postgresql(state, _first_line(original), place, waited)
    return unreachable(place, _first_line(original))


def _of_sqlite(error: sqlite3.Error, place: str, waited: float) -> WingmanError:
    text = _first_line(error)
    # The low byte is the kind, the rest the variety of it.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked(place, waited)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in text:
        return damaged(place, text)
    if code == sqlite3.SQLITE_FULL:
        return full(place)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return readonly(place)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Conflict(f"the ledger refused a row: {text}")
    return unreachable(place, text)


def _of_postgresql(state: str, text: str, place: str, waited: float) -> WingmanError:
    if state in ("55P03", "57014"):
        return locked(place, waited)
    if state == "53100":
        return full(place)
    if state in ("25006", "42501"):
        return readonly(place)
    if state.startswith("23"):
        return Conflict(f"the ledger refused a row: {text}")
    if state in ("XX001", "XX002"):
        return damaged(place, text)
    return unreachable(place, text)


def _first_line(error: object) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
