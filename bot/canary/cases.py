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
WHICH = "Which parts should the shop have?"
PARTS: Mapping[str, Any] = {
    "question": WHICH,
    "header": "Parts",
    "options": [
        {"label": "Sign-in", "description": "With a code by mail"},
        {"label": "Audit log", "description": "Who did what"},
        {"label": "Search", "description": "Over all orders"},
    ],
}
"""Of these, several may be chosen."""
LONG = "Which part of the shop comes first?"
LONG_LIST: Mapping[str, Any] = {
    "question": LONG,
    "header": "First",
    "options": [*PARTS["options"], {"label": "Export", "description": "Of all orders, as a file"}],
}
"""More rows than some agents show at a time."""
OWN_WORDS = "MariaDB 11"
NOTES = "the words of the notes"
SECRETS = "the words of the secrets"
FILES = {"notes.txt": NOTES, "secrets.txt": SECRETS}
"""One may be shown to the model, the other may not."""

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


def several(
    ask: Callable[[Mapping[str, Any]], Part], *, reviewed: bool = True
) -> tuple[Case, ...]:
    """``reviewed``: the agent shows what was ticked once more, and asks whether to send it."""
    ticks = {"choices": [1, 3]}
    heard = "Sign-in, Search"
    steps = [Step(Kind.QUESTION, WHICH, ticks, hears="" if reviewed else heard)]
    if reviewed:
        steps.append(Step(Kind.QUESTION, "Search", APPROVE, hears=heard))
    title = "a question, answered by its first and third row"
    return (Case("question.several", title, ((ask(PARTS),),), tuple(steps)),)


def long_lists(
    ask: Callable[[Mapping[str, Any]], Part], ask_several: Callable[[Mapping[str, Any]], Part]
) -> tuple[Case, ...]:
    """For an agent that shows three rows of a list at a time: its end has to be looked for."""
    last, own = "Export", {"decision": "answer", "reason": OWN_WORDS}
    every = "Sign-in, Audit log, Search, Export"
    one, many = ((ask(LONG_LIST),),), ((ask_several(LONG_LIST),),)
    told: tuple[tuple[str, str, tuple[tuple[Part, ...], ...], Step], ...] = (
        (
            "question.last",
            "a question with a long list, answered by its last row",
            one,
            Step(Kind.QUESTION, LONG, {"choices": [4]}, hears=last, looks=last),
        ),
        (
            "question.unseen",
            "a question with a long list, answered in own words",
            one,
            Step(Kind.QUESTION, LONG, own, hears=OWN_WORDS),
        ),
        (
            "question.ends",
            "a long list of boxes, answered by its second and last",
            many,
            Step(Kind.QUESTION, LONG, {"choices": [2, 4]}, hears=f"Audit log, {last}", looks=last),
        ),
        (
            "question.every",
            "a long list of boxes, answered by the row that means all",
            many,
            Step(Kind.QUESTION, LONG, {"choices": [5]}, hears=every, looks=last),
        ),
        (
            "question.beside",
            "a long list of boxes, answered in own words",
            many,
            Step(Kind.QUESTION, LONG, own, hears=OWN_WORDS, unheard=f"Sign-in, {OWN_WORDS}"),
        ),
    )
    return tuple(Case(id_, title, turns, (step,)) for id_, title, turns, step in told)


FIRST = Step(Kind.APPROVAL, "mkfifo first", ALWAYS, makes="first")


def always(
    first: Part, second: Part, *, steps: tuple[Step, ...] = (FIRST,), ways: Ways = KEYS
) -> tuple[Case, ...]:
    """``first`` makes a file of that name, and ``second`` one without any further question."""
    title = "a command, allowed from now on"
    return (Case("bash.always", title, ((first,), (second,)), steps, then="second", ways=ways),)


def tools(
    call: Callable[[str], Part], *, shown: str = "called", ways: Ways = KEYS
) -> tuple[Case, ...]:
    """``call``: the model wants the marker of that name from the trial's own MCP server;
    ``shown``: what the agent shows of it."""
    return (
        Case(
            "tool.approve",
            "a tool of an MCP server, allowed once",
            ((call("called"),),),
            (Step(Kind.APPROVAL, shown, APPROVE, makes="called"),),
            ways=ways,
        ),
        Case(
            "tool.deny",
            "a tool of an MCP server, denied",
            ((call("uncalled"),),),
            (Step(Kind.APPROVAL, shown, DENY, never="uncalled"),),
            ways=ways,
        ),
    )


def pages(fetch: Callable[[str], Part], *, ways: Ways = KEYS) -> tuple[Case, ...]:
    """``fetch``: the model wants the page at that address, which leaves a file when it is got."""
    return (
        Case(
            "page.approve",
            "a page to be fetched, allowed once",
            ((fetch("{pages}/fetched"),),),
            (Step(Kind.APPROVAL, "/fetched", APPROVE, makes="fetched"),),
            ways=ways,
        ),
        Case(
            "page.deny",
            "a page to be fetched, denied",
            ((fetch("{pages}/unfetched"),),),
            (Step(Kind.APPROVAL, "/unfetched", DENY, never="unfetched"),),
            ways=ways,
        ),
    )


def refused_pages(
    fetch: Callable[[str], Part], told: str, *, ways: Ways = KEYS
) -> tuple[Case, ...]:
    """For agents that fetch no page from loopback, or none without TLS: what their tool says
    itself proves that it ran. ``told``: that, with ``{}`` where host and port stand."""
    got, ungot = "127.0.0.1:1", "127.0.0.1:2"
    return (
        Case(
            "page.approve",
            "a page to be fetched, allowed once",
            ((fetch(f"http://{got}/wanted"),),),
            (Step(Kind.APPROVAL, got, APPROVE, hears=told.format(got)),),
            ways=ways,
        ),
        Case(
            "page.deny",
            "a page to be fetched, denied",
            ((fetch(f"http://{ungot}/unwanted"),),),
            (Step(Kind.APPROVAL, ungot, DENY, unheard=told.format(ungot)),),
            ways=ways,
        ),
    )


def reads(read: Callable[[str], Part], *, ways: Ways = KEYS) -> tuple[Case, ...]:
    """``read``: the model wants to see that file, which lies outside the project."""
    return (
        Case(
            "read.approve",
            "a file outside the project, allowed",
            ((read("{outside}/notes.txt"),),),
            (Step(Kind.APPROVAL, "outside", APPROVE, hears=NOTES),),
            ways=ways,
        ),
        Case(
            "read.deny",
            "a file outside the project, denied",
            ((read("{outside}/secrets.txt"),),),
            (Step(Kind.APPROVAL, "outside", DENY, unheard=SECRETS),),
            ways=ways,
        ),
    )
