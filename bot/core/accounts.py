"""An agent's own account of what it waits for, where it keeps one: a third witness."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_WORDS = re.compile(r"[A-Za-z][A-Za-z -]{0,39}")


_FREE = ("idle", "busy")


@dataclass(frozen=True, slots=True)
class Account:
    waits_for: str = ""
    """In its own words, such as ``permission prompt``; empty when it says no such thing."""
    free: str = ""
    """``idle`` or ``busy``, when it says that it waits for nobody. Every dialog of Claude Code
    2.1.197 and 2.1.329, menus too, makes it ``waiting`` instead."""
    since: datetime | None = None
    """When it began to be so, by its own clock, which is this machine's."""


def account_path(transcript: str, pid: int) -> str:
    """Claude Code 2.1.197 and 2.1.329: ``sessions/<pid>.json`` beside the ``projects`` that hold
    its transcripts. Empty when that cannot be told."""
    home, found, _ = transcript.rpartition("/projects/")
    return f"{home}/sessions/{pid}.json" if found and pid > 0 else ""


def read_account(text: str) -> Account:
    """The file outlives an agent that was killed, so it proves nothing by itself."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return Account()
    if not isinstance(given, dict):
        return Account()
    status, words = given.get("status"), given.get("waitingFor")
    since = _moment(given.get("statusUpdatedAt"))
    if status == "waiting":
        is_plain = isinstance(words, str) and _WORDS.fullmatch(words)
        return Account(str(words) if is_plain else "you", since=since)
    return Account(free=str(status) if status in _FREE else "", since=since)


def _moment(given: object) -> datetime | None:
    """From milliseconds since 1970."""
    if not isinstance(given, int) or not 0 < given < 10**14:
        return None
    return datetime.fromtimestamp(given / 1000, UTC)
