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
        *cases.several(ask),
        *cases.tools(run),
        *cases.pages(run),
        *cases.reads(run),
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
        ("question.several", Verdict.CHOOSE),
        ("tool.approve", Verdict.APPROVE),
        ("tool.deny", Verdict.DENY),
        ("page.approve", Verdict.APPROVE),
        ("page.deny", Verdict.DENY),
        ("read.approve", Verdict.APPROVE),
        ("read.deny", Verdict.DENY),
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


def test_where_no_page_can_be_got_the_words_of_the_tool_prove_that_it_tried() -> None:
    approve, deny = cases.refused_pages(run, "refused: {}")

    prove_something((approve, deny))
    assert approve.turns == ((run("http://127.0.0.1:1/wanted"),),)
    assert approve.steps[0].hears == "refused: 127.0.0.1:1"
    assert deny.turns == ((run("http://127.0.0.1:2/unwanted"),),)
    assert deny.steps[0].unheard == "refused: 127.0.0.1:2"
    # What is heard of the one must not count for the other
    assert approve.steps[0].hears not in deny.steps[0].unheard


def test_what_lies_outside_of_the_project_is_known_by_its_words() -> None:
    approve, deny = cases.reads(run)

    assert (approve.steps[0].hears, deny.steps[0].unheard) == (cases.NOTES, cases.SECRETS)
    assert set(cases.FILES.values()) == {cases.NOTES, cases.SECRETS}


def test_what_was_ticked_is_heard_when_it_is_sent_and_not_before() -> None:
    (reviewed,) = cases.several(ask)
    (at_once,) = cases.several(ask, reviewed=False)

    assert [step.hears for step in reviewed.steps] == ["", "Sign-in, Search"]
    assert [step.hears for step in at_once.steps] == ["Sign-in, Search"]
