from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.notices import NoticeKind, PartStyle, Urgency
from bot.core.signal_cards import TITLE, signal_card
from tests.support.playbook import NOON, says, session


@pytest.mark.parametrize(
    ("kind", "words", "title", "urgency"),
    [
        ("DONE", "tests pass", "✅ Agent `api` completed: tests pass", Urgency.DONE),
        ("DONE", "", "✅ Agent `api` completed", Urgency.DONE),
        ("HELP", "which db?", "❓ Agent `api` needs input: which db?", Urgency.HELP),
        ("ERROR", "no disk", "❌ Agent `api` error: no disk", Urgency.HELP),
        ("BLOCKED", "no key", "🚫 Agent `api` blocked: no key", Urgency.HELP),
        ("PROGRESS", "50", "📊 Agent `api`: 50 %", Urgency.PROGRESS),
        ("PROGRESS", "50%", "📊 Agent `api`: 50 %", Urgency.PROGRESS),
        ("PROGRESS", "8/10 tests", "📊 Agent `api`: 8/10 tests", Urgency.PROGRESS),
    ],
)
def test_signals(kind: str, words: str, title: str, urgency: Urgency) -> None:
    notice, how = signal_card(session(), says(kind, words), NOON)
    assert (notice.title, how) == (title, urgency)
    assert notice.silent is (kind == "PROGRESS")


@pytest.mark.parametrize(("seconds", "took"), [(42, "42 s"), (750, "12 min"), (7500, "2 h 5 min")])
def test_a_finished_task_says_how_long_it_took(seconds: int, took: str) -> None:
    begun = session(task_at=NOON - timedelta(seconds=seconds))
    notice, _ = signal_card(begun, says("DONE", "tests pass"), NOON)
    assert [part.text for part in notice.parts] == [f"Took {took}"]
    assert [button.command for button in notice.buttons] == ["diff api", "peek api"]


def test_long_words_stand_whole_below_a_short_title_and_as_the_agents_own() -> None:
    words = "word " * 200
    notice, _ = signal_card(session(), says("HELP", words.strip()), NOON)
    assert len(notice.title) < TITLE + 60
    assert notice.title.endswith(" …")
    quote = notice.parts[0]
    assert (quote.text, quote.style) == (words.strip(), PartStyle.QUOTE)
    assert "Reply to this" in notice.parts[1].text


def test_hidden_characters_are_written_out() -> None:
    notice, _ = signal_card(session(), says("PROGRESS", "5\u202e0"), NOON)
    assert notice.title == "📊 Agent `api`: 5⟨U+202E⟩0"
    assert notice.kind is NoticeKind.PROGRESS
