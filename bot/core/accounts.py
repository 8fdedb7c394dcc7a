"""An agent's own account of what it waits for, where it keeps one: a third witness."""

from __future__ import annotations

import json
import re

_WORDS = re.compile(r"[A-Za-z][A-Za-z -]{0,39}")


def account_path(transcript: str, pid: int) -> str:
    """Claude Code 2.1.197 and 2.1.329: ``sessions/<pid>.json`` beside the ``projects`` that hold
    its transcripts. Empty when that cannot be told."""
    home, found, _ = transcript.rpartition("/projects/")
    return f"{home}/sessions/{pid}.json" if found and pid > 0 else ""


def waits_for(text: str) -> str:
    """What it says it waits for, such as ``permission prompt``; empty when it does not wait.

    The file outlives an agent that was killed, so it proves nothing by itself."""
    try:
        account = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(account, dict) or account.get("status") != "waiting":
        return ""
    words = account.get("waitingFor")
    return words if isinstance(words, str) and _WORDS.fullmatch(words) else "you"
