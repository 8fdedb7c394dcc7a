"""The cases that agents share: each asks for one thing, and proves what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.canary import cases
from bot.canary.script import EITHER, KEYS, Call, Case
from bot.core.decisions import Verdict
from tests.support.trials import prove_something


def run(command: str) -> Call:
    return Call("run", {"command": command})


def write(name: str, line: str) -> Call:
    return Call("write", {"name": name, "line": line})


def ask(question: Mapping[str, Any]) -> Call:
    return Call("ask", question)


def every() -> tuple[Case, ...]:
    return (
        *cases.commands(run),
        *cases.edits(write),
        *cases.questions(ask),
        *cases.always(run("mkfifo first"), run("mkfifo second")),
    )


def test_each_of_them_proves_something() -> None:
    prove_something(every())
    assert [(case.id, case.steps[0].verdict) for case in every()] == [
        ("bash.approve", Verdict.APPROVE),
        ("bash.deny", Verdict.DENY),
        ("bash.reason", Verdict.DENY),
        ("edit.approve", Verdict.APPROVE),
        ("edit.deny", Verdict.DENY),
        ("question.choose", Verdict.CHOOSE),
        ("question.answer", Verdict.ANSWER),
        ("bash.always", Verdict.ALWAYS),
    ]


def test_what_is_allowed_makes_what_the_model_wanted_and_what_is_denied_must_not() -> None:
    approve, deny, reason = cases.commands(run, allowed="sudo mkfifo allowed")
    assert approve.turns == ((run("sudo mkfifo allowed"),),)
    assert approve.steps[0].shows in "sudo mkfifo allowed"
    assert approve.steps[0].makes == "allowed"
    assert deny.turns == ((run("mkfifo denied"),),)
    assert deny.steps[0].never == "denied"
    assert reason.steps[0].decision == {"decision": "deny", "reason": cases.REASON}
    assert reason.steps[0].hears == cases.REASON

    made, unmade = cases.edits(write)
    assert made.turns == ((write("made.txt", "made here"),),)
    assert unmade.steps[0].never == "unmade.txt"


def test_a_question_is_asked_as_the_agent_puts_it_and_heard_as_it_tells_it() -> None:
    choose, answer = cases.questions(ask, heard='"SQLite"')
    assert choose.turns == answer.turns == ((ask(cases.QUESTION),),)
    assert choose.steps[0].hears == '"SQLite"'
    assert answer.steps[0].hears == cases.OWN_WORDS


def test_they_are_tried_by_keys_unless_a_hook_takes_them_too() -> None:
    assert {case.ways for case in every()} == {KEYS}
    assert {case.ways for case in cases.commands(run, ways=EITHER)} == {EITHER}
