from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.records import WAITING, TextState
from bot.core.text_cards import SHOWN, mark_of, receipt
from tests.support.ledger_rows import text_record

TEXT = replace(text_record("e1"), reason="tmux went away")


def test_each_end_has_words_of_its_own() -> None:
    titles = {receipt(replace(TEXT, state=state), "the agent works").title for state in TextState}
    assert len(titles) == len(TextState) - 1  # typed and queued: the reason tells them apart


@pytest.mark.parametrize("state", list(TextState))
def test_only_what_waits_can_be_taken_back(state: TextState) -> None:
    told = receipt(replace(TEXT, state=state), "the agent works", 2)
    asked = [button.command for button in told.buttons]
    assert (f"untell api {mark_of(TEXT)}" in asked) == (state in WAITING)
    assert ("(position 3)" in told.title) == (state in WAITING)
    assert ("peek api" in asked) == (state in (TextState.UNKNOWN, TextState.UNCONFIRMED))


def test_only_what_was_seen_to_be_taken_is_told_as_delivered() -> None:
    told = {s for s in TextState if receipt(replace(TEXT, state=s)).title.startswith("✓")}
    assert told == {TextState.DELIVERED, TextState.HANDED}


def test_a_long_text_is_cut_and_a_hidden_character_shown() -> None:
    told = receipt(replace(TEXT, text="x" * 900))
    assert len(told.parts[0].text) == SHOWN
    told = receipt(replace(TEXT, text="a\u202eb"))
    assert "\u202e" not in told.parts[0].text
