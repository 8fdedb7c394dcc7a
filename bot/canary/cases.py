"""What is tried on every agent that has it; how the model asks for it is the agent's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.canary.script import KEYS, Call, Case, Step
from bot.core.prompts import Kind
from bot.core.trials import Way

APPROVE: Mapping[str, Any] = {"decision": "approve"}
DENY: Mapping[str, Any] = {"decision": "deny"}
ALWAYS: Mapping[str, Any] = {"decision": "always", "confirm": True}
REASON = "use the other folder; not $(this) one"
"""Neither a shell nor tmux may make anything of it on its way."""
ASKED = "Which database should the service use?"
QUESTION: Mapping[str, Any] = {
    "question": ASKED,
    "header": "Database",
    "options": [
        {"label": "PostgreSQL", "description": "Known to the team"},
        {"label": "SQLite", "description": "No server to run"},
    ],
}
OWN_WORDS = "MariaDB 11"

Part = str | Call
Ways = frozenset[Way]


def commands(
    run: Callable[[str], Part], *, allowed: str = "mkfifo allowed", ways: Ways = KEYS
) -> tuple[Case, ...]:
    """``run``: the model wants that command; ``allowed`` makes the file of that name."""
    denied = Step(Kind.APPROVAL, "mkfifo denied", DENY, never="denied")
    unwanted = Step(
        Kind.APPROVAL,
        "mkfifo unwanted",
        {**DENY, "reason": REASON},
        never="unwanted",
        hears=REASON,
    )
    return (
        Case(
            "bash.approve",
            "a command, allowed once",
            ((run(allowed),),),
            (Step(Kind.APPROVAL, "mkfifo allowed", APPROVE, makes="allowed"),),
            ways=ways,
        ),
        Case("bash.deny", "a command, denied", ((run("mkfifo denied"),),), (denied,), ways=ways),
        Case(
            "bash.reason",
            "a command, denied with a reason",
            ((run("mkfifo unwanted"),),),
            (unwanted,),
            ways=ways,
        ),
    )


def edits(write: Callable[[str, str], Part], *, ways: Ways = KEYS) -> tuple[Case, ...]:
    """``write``: the model wants a new file of that name, with one line in it."""
    return (
        Case(
            "edit.approve",
            "a new file, allowed",
            ((write("made.txt", "made here"),),),
            (Step(Kind.APPROVAL, "made here", APPROVE, makes="made.txt"),),
            ways=ways,
        ),
        Case(
            "edit.deny",
            "a new file, denied",
            ((write("unmade.txt", "not here"),),),
            (Step(Kind.APPROVAL, "not here", DENY, never="unmade.txt"),),
            ways=ways,
        ),
    )


def questions(
    ask: Callable[[Mapping[str, Any]], Part], *, heard: str = "SQLite", ways: Ways = KEYS
) -> tuple[Case, ...]:
    """``ask``: the model asks a ``QUESTION``; ``heard``: how it is told the second answer."""
    asks = ((ask(QUESTION),),)
    own = {"decision": "answer", "reason": OWN_WORDS}
    return (
        Case(
            "question.choose",
            "a question, answered by its second row",
            asks,
            (Step(Kind.QUESTION, ASKED, {"choices": [2]}, hears=heard),),
            ways=ways,
        ),
        Case(
            "question.answer",
            "a question, answered in own words",
            asks,
            (Step(Kind.QUESTION, ASKED, own, hears=OWN_WORDS),),
            ways=ways,
        ),
    )


FIRST = Step(Kind.APPROVAL, "mkfifo first", ALWAYS, makes="first")


def always(
    first: Part, second: Part, *, steps: tuple[Step, ...] = (FIRST,), ways: Ways = KEYS
) -> tuple[Case, ...]:
    """``first`` makes a file of that name, and ``second`` one without any further question."""
    title = "a command, allowed from now on"
    return (Case("bash.always", title, ((first,), (second,)), steps, then="second", ways=ways),)
