from __future__ import annotations

import pytest

from bot.demo import transcript
from bot.demo.dialogs import Outcome
from bot.demo.layout import MARKER, row_text, width_of
from bot.demo.script import Step

BASH = Step("bash", "b", {"bash": "make all\nmake test", "about": "Build", "output": ["built"]})
EDIT = Step("edit", "e", {"edit": "a.py"})
ASK = Step("ask", "q", {})
PLAN = Step("plan", "p", {})


def text(entries: list[transcript.Entry], width: int = 80) -> str:
    return "\n".join(row_text(line) for entry in entries for line in entry(width))


@pytest.mark.parametrize(
    ("step", "outcome", "expected"),
    [
        (BASH, Outcome("allowed"), "Ran 1 shell command"),
        (BASH, Outcome("allowed"), "built"),
        (BASH, Outcome("denied", stops=True), "Interrupted · What should Claude do instead?"),
        (BASH, Outcome("denied", "why"), "Not run · rejected"),
        (EDIT, Outcome("always"), "● Update(a.py)"),
        (ASK, Outcome("answered", answers=(("Q?", "A"),)), "· Q? → A"),
        (ASK, Outcome("denied"), "Declined to answer"),
        (PLAN, Outcome("allowed"), "approved"),
        (PLAN, Outcome("denied"), "rejected"),
    ],
)
def test_what_is_left_of_a_dialog(step: Step, outcome: Outcome, expected: str) -> None:
    assert expected in text(transcript.settled(step, outcome))


def test_messages_and_words_are_wrapped_under_themselves() -> None:
    assert text([transcript.user("one two")], 9) == f"\n{MARKER} one\n  two"
    assert text([transcript.said("one two")], 9) == "\n● one\n  two"


def test_a_call_is_cut_to_the_pane() -> None:
    entries = [transcript.waiting_call(BASH), transcript.note("x" * 99)]
    assert max(map(width_of, text(entries, 20).split("\n"))) <= 20
