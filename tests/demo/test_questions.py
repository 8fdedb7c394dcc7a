from __future__ import annotations

from typing import Any

from bot.demo.dialogs import Outcome
from bot.demo.keys import KeyReader
from bot.demo.layout import row_text
from bot.demo.questions import QuestionDialog, ask
from bot.demo.script import Step

SINGLE = {"header": "Size", "question": "Which size?", "options": [["S", "small"], ["L", "large"]]}
MULTI = {**SINGLE, "header": "Sizes", "question": "Which sizes?", "multi": True}
DOWN = b"\x1b[B"


def dialog(*questions: dict[str, Any], version: str = "2.1.329") -> QuestionDialog:
    return ask(Step("ask", "q", {"ask": list(questions)}), version)


def press(shown: QuestionDialog, data: bytes) -> Outcome | None:
    outcome = None
    for key in KeyReader().feed(data):
        outcome = outcome or shown.press(key)
    return outcome


def text(shown: QuestionDialog) -> str:
    return "\n".join(row_text(line) for line in shown.draw(80, 60))


def test_own_words_join_the_chosen_ones() -> None:
    shown = dialog(MULTI)
    press(shown, b"1" + DOWN * 2 + b"extra")
    assert "3. [✔] extra" in text(shown)
    outcome = press(shown, DOWN + b"\r" + b"\r")
    assert outcome is not None
    assert outcome.answers == (("Which sizes?", "S, extra"),)


def test_what_was_left_out_is_said_in_the_review() -> None:
    shown = dialog(SINGLE, MULTI)
    press(shown, b"\t\t")
    assert "Some questions are unanswered" in text(shown)
    outcome = press(shown, b"1")
    assert outcome is not None
    assert outcome.answers == ()


def test_going_back_keeps_the_answer() -> None:
    shown = dialog(SINGLE, SINGLE)
    press(shown, b"2\x1b[D")
    assert "☒ Size  ☐ Size" in text(shown)
    assert shown.questions[0].answer() == "L"


def test_descriptions_stand_where_the_version_puts_them() -> None:
    assert "         small" in text(dialog(MULTI))
    assert "\n  small" in text(dialog(MULTI, version="2.1.197"))
    assert "     small" in text(dialog(SINGLE))


def test_the_old_version_asks_before_the_answers_go() -> None:
    shown = dialog(MULTI, version="2.1.197")
    press(shown, b"1\t")
    assert "Ready to submit your answers?" in text(shown)
