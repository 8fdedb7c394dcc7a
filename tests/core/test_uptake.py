from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.uptake import has_come_up, probe, stands_in, times_shown

CLAUDE = {"type": "user", "message": {"role": "user", "content": "run the tests"}, "uuid": "x"}
CODEX = {
    "type": "response_item",
    "payload": {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "run the\ntests"}],
    },
}
ASSISTANT = {"message": {"role": "assistant", "content": "run the tests"}, "user": "user"}
RESULT = {"message": {"role": "user", "content": [{"type": "tool_result", "content": "run"}]}}


@pytest.mark.parametrize(
    ("row", "found"), [(CLAUDE, True), (CODEX, True), (ASSISTANT, False), (RESULT, False)]
)
def test_the_agents_own_record_has_what_a_person_said(row: object, found: bool) -> None:
    record = f'{json.dumps({"type": "mode"})}\n{json.dumps(row)}\n{{"half": "user'
    assert stands_in(record, "run the tests") is found
    assert not stands_in(record, "run the test")


@given(st.text(), st.text())
def test_any_record_is_read(record: str, text: str) -> None:
    assert stands_in(f'{record}\n["user", {json.dumps(text)}]', "something else") is False


@pytest.mark.parametrize(
    ("row", "wanted", "shows"),
    [
        ("\u276f\u00a0run the tests", "run the tests", True),
        ("\u203a run the tests", "run the tests", True),
        ("  ┃  run the tests            ┃", "run the tests", True),
        ("diff> run the tests", "run the tests", True),
        ("\u276f yes", "yes", True),
        ("diff> y", "y", True),
        ("● yes, of course", "yes", False),
        ("● why", "y", False),
        ("", "", False),
    ],
)
def test_a_row_that_shows_it(row: str, wanted: str, shows: bool) -> None:
    assert times_shown([row], wanted) == shows


def test_the_row_that_was_in_the_box_has_to_stand_above_it() -> None:
    before = ["● Hello", "────", "\u276f run the tests", "────"]
    assert has_come_up(
        "run the tests", "run the tests", before, ["\u276f run the tests", "\u276f"]
    )
    assert not has_come_up("run the tests", "run the tests", before, ["● Hello", "────", "\u276f"])


def test_the_same_text_as_before_has_to_stand_there_twice() -> None:
    before = ["\u276f run the tests", "● Done.", "\u276f run the tests"]
    once, twice = ["\u276f run the tests", "● Done.", "\u276f"], [*before, "\u276f"]
    assert not has_come_up("run the tests", "run the tests", before, once)
    assert has_come_up("run the tests", "run the tests", before, twice)


def test_a_long_paste_is_found_by_its_first_line_or_its_note() -> None:
    text, note = "run the tests\n" * 60, "[Pasted text #1 +59 lines]"
    before = ["\u276f run the tests", f"\u276f {note}"]
    assert not has_come_up(text, note, before, ["\u276f run the tests", "\u276f"])
    assert has_come_up(text, note, before, ["\u276f run the tests", "\u276f run the tests"])
    assert has_come_up(text, note, before, [f"\u276f {note}", "\u276f"])


def test_what_is_looked_for_is_the_first_line_that_says_anything() -> None:
    assert probe("\n > \n  fix it \nnow") == "fix it"
    assert probe("") == ""
    assert len(probe("x" * 300)) == 40
