"""Lines for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.core.approvals import PromptState
from bot.core.attention.explaining import Sight, explain, overview, span_words
from bot.core.attention.hours import window
from bot.core.attention.rules import Rules, Standing
from bot.core.records import OutboxState
from tests.support.ledger_rows import NOW, outbox_record, prompt_record


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (240, "4 min"), (7500, "2 h 05 min")]
)
def test_spans(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


def test_what_is_over_says_how_it_ended() -> None:
    record = prompt_record(state=PromptState.ANSWERED_LOCALLY)
    lines = list(explain(record, Sight(NOW, UTC)))
    assert lines == [
        f"{record.code}: ☑️ Answered at the terminal",
        "Nobody was told by a message.",
    ]


def test_what_a_provider_did_not_take() -> None:
    dead = replace(outbox_record(), state=OutboxState.DEAD, error="blocked")
    lines = list(explain(prompt_record(), Sight(NOW, UTC, sent=[dead])))
    assert any(line.endswith("not taken: blocked") for line in lines)


def test_all_rules_that_do_something() -> None:
    minute = timedelta(minutes=1)
    rules = Rules(quiet=window("22-07"), dwell=minute, cooldown=minute, escalate_after=5 * minute)
    lines = list(overview(rules, Standing(), minute, "telegram:1"))
    assert lines == [
        "Reminders: first after 1 min, then ever less often, to every 30 min",
        "Quiet hours: 22:00-07:00; what rings: approvals older than 10 min and errors",
        "No ring while somebody types at that pane, and 15 s after",
        "A prompt rings after 1 min",
        "After a message about a session others are silent for 1 min",
        "More than 20 unanswered prompts come as a list",
        "Without an answer for 5 min the next is told: one channel after the other",
    ]
