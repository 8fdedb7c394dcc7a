"""A decision as a hook is told it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Pick
from bot.core.hook_prompts import merged, prompt_of
from bot.core.hook_replies import by_keys, reply_to, words_of
from bot.core.hooks import Allow, Answers, Asked, Deny, Reply
from bot.core.prompts import Choice, Kind, Role
from tests.support.hook_events import (
    ACCEPT_EDITS,
    ALWAYS_MAKE,
    DATABASES,
    asked,
    asked_command,
    asked_question,
)
from tests.support.playbook import ALWAYS, NO, YES, prompt

MAKE = asked_command("make", ALWAYS_MAKE, ACCEPT_EDITS)
QUESTION = asked_question(DATABASES)
SEVERAL = asked_question({**DATABASES, "multiSelect": True})
TWO = asked_question(DATABASES, {**DATABASES, "question": "And?"})
PLAN = asked("ExitPlanMode", {"plan": "# Cache"})
ASKS = str(DATABASES["question"])


@pytest.mark.parametrize(
    ("given", "decision", "reply"),
    [
        (MAKE, Decision(Verdict.APPROVE), Allow()),
        (MAKE, Decision(Verdict.ALWAYS), Allow((MAKE.suggestions[0],))),
        (MAKE, Decision(Verdict.CHOOSE, numbers=(3,)), Allow((MAKE.suggestions[1],))),
        (MAKE, Decision(Verdict.CHOOSE, numbers=(4,)), Deny(stop=True)),
        (MAKE, Decision(Verdict.DENY), Deny(stop=True)),
        (MAKE, Decision(Verdict.DENY, "not\nnow\x1b"), Deny("not\nnow")),
        (QUESTION, Decision(Verdict.CHOOSE, numbers=(2,)), Answers(((ASKS, "SQLite"),))),
        (QUESTION, Decision(Verdict.ANSWER, "MariaDB"), Answers(((ASKS, "MariaDB"),))),
        (QUESTION, Decision(Verdict.DENY), Deny(stop=True)),
        (
            SEVERAL,
            Decision(Verdict.CHOOSE, numbers=(2, 1)),
            Answers(((ASKS, "PostgreSQL, SQLite"),)),
        ),
        (TWO, Decision(Verdict.ANSWER, "both"), Deny("The user answered in words: both")),
        (PLAN, Decision(Verdict.APPROVE), Allow()),
        (PLAN, Decision(Verdict.ANSWER, "use redis"), Deny("use redis")),
        (PLAN, Decision(Verdict.DENY, "use redis"), Deny("use redis")),
    ],
)
def test_from_the_hook_alone(given: Asked, decision: Decision, reply: Reply) -> None:
    assert reply_to(given, prompt_of(given, "claude"), decision) == reply


def test_a_row_that_only_the_dialog_has_is_left_to_keys() -> None:
    auto = Choice(3, "Yes, and switch to auto mode", Role.ALLOW_AND_CHANGE_MODE)
    shown = merged(prompt("make", YES, ALWAYS, auto, replace(NO, n=4)), MAKE)
    assert reply_to(MAKE, shown, Decision(Verdict.CHOOSE, numbers=(3,))) is None
    # its own words are another grant than the hook's suggestion
    assert reply_to(MAKE, shown, Decision(Verdict.ALWAYS)) is None


def test_one_answer_of_several_questions_is_left_to_keys() -> None:
    rows = (Choice(1, "PostgreSQL", Role.ANSWER), Choice(2, "SQLite", Role.ANSWER))
    shown = prompt(ASKS, *rows, kind=Kind.QUESTION)
    assert reply_to(TWO, shown, Decision(Verdict.CHOOSE, numbers=(1,))) is None


def test_a_label_is_given_letter_for_letter() -> None:
    rows = (Choice(1, "Postgre SQL", Role.ANSWER), Choice(2, "Chat about this", Role.CHAT))
    shown = prompt(ASKS, *rows, kind=Kind.QUESTION)
    picked = reply_to(QUESTION, shown, Decision(Verdict.CHOOSE, numbers=(1,)))
    assert picked == Answers(((ASKS, "PostgreSQL"),))
    assert reply_to(QUESTION, shown, Decision(Verdict.CHOOSE, numbers=(2,))) is None


def test_without_a_hook_the_dialog_is_answered_by_its_own_rows() -> None:
    shown = prompt("make", YES, NO)
    card = prompt_of(MAKE, "claude")
    assert by_keys(card, shown, Decision(Verdict.APPROVE)) == Pick(YES)
    assert by_keys(card, shown, Decision(Verdict.CHOOSE, numbers=(1,))) == Pick(YES)
    assert by_keys(card, shown, Decision(Verdict.DENY)) == Cancel()
    for decision in (Decision(Verdict.ALWAYS), Decision(Verdict.CHOOSE, numbers=(2,))):
        with pytest.raises(Refused, match="other rows than the card"):
            by_keys(card, shown, decision)


def test_what_is_off_the_screen_is_not_allowed_by_keys() -> None:
    shown = prompt("make", YES, NO, complete=False)
    with pytest.raises(Refused, match="off the screen"):
        by_keys(replace(shown, complete=True), shown, Decision(Verdict.APPROVE))


def test_words_keep_their_lines_and_lose_what_a_terminal_would_obey() -> None:
    assert words_of(" a\x1b[2J\n b\u202e \n") == "a [2J\n b"
