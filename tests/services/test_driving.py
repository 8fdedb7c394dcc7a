"""Whether the dialog that was decided on still stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.errors import Refused
from bot.core.goals import Cancel, Mark, Pick
from bot.core.prompts import Prompt
from bot.core.screen import PaneFacts, Screen
from bot.services.driving import Drive, asked_in, guarded_rows, why_not
from bot.services.looking import Look
from tests.support.ledger_rows import prompt_record
from tests.support.toy import read_toy

LATER = datetime(2026, 3, 1, tzinfo=UTC)
ASKED = "working\nask: make\n> 1 allow_once Yes\n  2 deny No"


def look(text: str) -> Look:
    screen = Screen.of(text, PaneFacts("toy"))
    return Look(screen, read_toy(screen), None)


def prompt(text: str = ASKED) -> Prompt:
    return asked_in(look(text))


def test_the_same_dialog_with_another_row_marked_still_stands() -> None:
    moved = look(ASKED.replace("> 1", "  1").replace("  2", "> 2"))
    drive = Drive(prompt_record(), prompt(), Pick(prompt().choices[1]), LATER)
    assert drive.still_there(moved)
    assert why_not(drive, moved, first=True) == ""


@pytest.mark.parametrize("first", [True, False])
def test_another_command_is_not_the_one_that_was_seen(first: bool) -> None:
    drive = Drive(prompt_record(), prompt(), Cancel(), LATER)
    assert "not the one you saw" in why_not(drive, look(ASKED.replace("make", "rm")), first=first)
    assert why_not(drive, look("> "), first=first) == "the dialog is gone"
    unseen = replace(drive, seen=None)
    assert why_not(unseen, look(ASKED), first=first) == "the dialog is gone"


def test_boxes_are_compared_to_the_fingerprint_each_time() -> None:
    boxes = "question: which?\n> 1 answer [ ] red\n  2 submit Submit"
    drive = Drive(
        prompt_record(), prompt(boxes), Mark(frozenset({"red"}), prompt().choices[1]), LATER
    )
    assert why_not(drive, look(boxes.replace("[ ]", "[x]")), first=False) == ""


def test_all_of_a_dialog_is_guarded_and_what_stands_above_it() -> None:
    rows = ASKED.split("\n")
    assert guarded_rows(look(ASKED)) == (tuple(rows[1:]), (rows[0],))
    with pytest.raises(Refused, match="gone"):
        guarded_rows(look("> "))
