from __future__ import annotations

from bot.canary.script import Call, Case, Script, Step, request_of
from bot.core.decisions import Verdict
from bot.core.prompts import Kind

WRITE = Call("Write", {"path": "{project}/a", "mode": 6})
CASE = Case("file.approve", "a file", ((WRITE,), ("Well.",)), ())


def test_turns_follow_the_request_that_names_a_case() -> None:
    script = Script([CASE], {"project": "/p"})

    said = request_of(CASE)

    assert script.turn(said, 0) == (Call("Write", {"path": "/p/a", "mode": 6}),)
    assert script.turn(said, 1) == ("Well.",)
    assert script.turn(said, 2) == ("Done.",)
    assert script.turn("case:nothing.like.it", 0) == ("Done.",)
    assert script.turn("hello", 0) == ("Done.",)


def test_it_remembers_what_the_model_was_told() -> None:
    script = Script([])
    script.hears("the user said: use the other folder")

    assert script.has_heard("use the other folder")
    assert not script.has_heard("this folder")


def test_a_choice_of_rows_is_a_verdict_too() -> None:
    assert Step(Kind.QUESTION, "", {"choices": [2]}).verdict is Verdict.CHOOSE
    assert Step(Kind.APPROVAL, "", {"decision": "deny"}).verdict is Verdict.DENY
