from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.agent import Composer, Reading, State
from bot.core.prompts import Kind, Prompt
from bot.core.uptake import has_come_up, holds, picks_another, probe, stands_in, times_shown

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
        ("\u203a • is no option", probe("- is no option"), True),
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


def test_of_a_text_that_fills_the_screen_the_last_line_is_left() -> None:
    text = "\n".join(f"line {number} of many" for number in range(60))
    before = [f"diff> line {number} of many" for number in range(48, 60)]
    draft = "\n".join(row[6:] for row in before)
    assert has_come_up(text, draft, before, [*before[3:], "Done.", "────", "diff>"])
    assert not has_come_up(text, draft, before, ["Done.", "────", "diff>"])


def test_what_is_looked_for_is_the_first_line_that_says_anything() -> None:
    assert probe("\n > \n  fix it \nnow") == "fix it"
    assert probe("") == ""
    assert len(probe("x" * 300)) == 40


def box(draft: str, **more: object) -> Reading:
    return Reading("claude", State.IDLE, None, Composer.DRAFT, draft, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("draft", "text", "held"),
    [
        ("run the\n  tests", "run the tests", True),
        ("run the tests now", "run the tests", False),
        ("run the", "run the tests", False),
        ("e\u0301", "é", True),
        ("[Pasted text #1 +39 lines]", "a\n" * 40, True),
        ("[Pasted text #2]", "x" * 9000, True),
        ("[Pasted Content 10199 chars]", "x" * 10199, True),
        ("[Pasted ~4 lines]", "a\nb\nc\nd", True),
        ("[Pasted Text: 40 lines]", "a\n" * 40, True),
        ("[Pasted text #1 +39 lines] and more", "a\n" * 40, False),
        ("see [Pasted text #1 +39 lines]", "a\n" * 40, False),
        ("/clear  [name]", "/clear ", True),
        ("/compact  <optional custom summarization instructions>", "/compact ", True),
        ("/clear  [name] x", "/clear ", False),
        ("see  [name]", "see ", False),
        ("b" * 300, "a" * 300 + "b" * 300, True),
        ("b" * 100, "a" * 300 + "b" * 100, False),
    ],
)
def test_our_text_and_nothing_else(draft: str, text: str, held: bool) -> None:
    assert holds(box(draft), text) is held
    assert not holds(box(draft, shell=True), text)
    prompt = Prompt(Kind.APPROVAL, "claude")
    asks = Reading("claude", State.APPROVAL, prompt, Composer.DRAFT, draft)
    assert not holds(asks, text)
    assert not holds(Reading("claude", State.IDLE, composer=Composer.EMPTY), text)


LIST = ["  \u276f /compact     Free up context", "    /copy        Copy the last response", "────"]


@pytest.mark.parametrize(
    ("text", "rows", "another"),
    [
        ("/comp ", LIST, True),
        ("/compact ", LIST, False),
        ("/comp ", ["\u276f /compact", "────", "\u276f\u00a0/comp"], False),
        ("compact it", LIST, False),
        ("/comp ", [*LIST, *[""] * 30], False),
    ],
)
def test_a_list_in_which_another_command_is_marked(
    text: str, rows: list[str], another: bool
) -> None:
    assert picks_another(rows, text) is another
