import json

import pytest

from bot.core.accounts import account_path, waits_for


def test_the_account_stands_beside_the_transcripts() -> None:
    transcript = "/home/dev/.claude/projects/-home-dev-shop/c0ffee.jsonl"
    assert account_path(transcript, 77) == "/home/dev/.claude/sessions/77.json"
    assert account_path("/elsewhere/c0ffee.jsonl", 77) == ""
    assert account_path(transcript, 0) == ""


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ({"status": "waiting", "waitingFor": "permission prompt"}, "permission prompt"),
        ({"status": "waiting", "waitingFor": "x\x1b[2J"}, "you"),
        ({"status": "waiting"}, "you"),
        ({"status": "busy", "waitingFor": "permission prompt"}, ""),
        ([], ""),
    ],
)
def test_only_an_agent_that_waits_says_so(account: object, words: str) -> None:
    assert waits_for(json.dumps(account)) == words


def test_what_is_no_account_says_nothing() -> None:
    assert waits_for("") == waits_for("{") == waits_for("[" * 100_000) == ""
