import json
from datetime import UTC, datetime

import pytest

from bot.core.accounts import Account, account_path, read_account


def test_the_account_stands_beside_the_transcripts() -> None:
    transcript = "/home/dev/.claude/projects/-home-dev-shop/c0ffee.jsonl"
    assert account_path(transcript, 77) == "/home/dev/.claude/sessions/77.json"
    assert account_path("/elsewhere/c0ffee.jsonl", 77) == ""
    assert account_path(transcript, 0) == ""


@pytest.mark.parametrize(
    ("account", "waits_for", "free"),
    [
        ({"status": "waiting", "waitingFor": "permission prompt"}, "permission prompt", ""),
        ({"status": "waiting", "waitingFor": "x\x1b[2J"}, "you", ""),
        ({"status": "waiting"}, "you", ""),
        ({"status": "busy", "waitingFor": "permission prompt"}, "", "busy"),
        ({"status": "idle"}, "", "idle"),
        ({"status": "of another version"}, "", ""),
        ({"status": ["idle"]}, "", ""),
        ([], "", ""),
    ],
)
def test_an_agent_says_that_it_waits_or_that_it_does_not(
    account: object, waits_for: str, free: str
) -> None:
    assert read_account(json.dumps(account)) == Account(waits_for, free)


def test_it_says_since_when() -> None:
    account = {"status": "idle", "statusUpdatedAt": 1795265351196}
    since = read_account(json.dumps(account)).since
    assert since is not None
    assert since.replace(microsecond=0) == datetime(2026, 11, 21, 12, 49, 11, tzinfo=UTC)
    assert read_account('{"status": "idle", "statusUpdatedAt": "now"}').since is None


def test_what_is_no_account_says_nothing() -> None:
    assert read_account("") == read_account("{") == read_account("[" * 100_000) == Account()
