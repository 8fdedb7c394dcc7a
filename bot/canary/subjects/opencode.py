"""How OpenCode is tried (1.18.33)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.canary.models import chat
from bot.canary.script import Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_APPROVE = {"decision": "approve"}
_DENY = {"decision": "deny"}
_ALWAYS = {"decision": "always", "confirm": True}
_REASON = "use the other folder; not $(this) one"
_ASKED = "Which database should the service use?"
_QUESTION = {
    "question": _ASKED,
    "header": "Database",
    "options": [
        {"label": "PostgreSQL", "description": "Known to the team"},
        {"label": "SQLite", "description": "No server to run"},
    ],
}


def _bash(command: str) -> Call:
    return Call("bash", {"command": command, "description": "Make a marker"})


def _write(name: str, content: str) -> Call:
    return Call("write", {"filePath": f"{{project}}/{name}", "content": content})


CASES = (
    Case(
        "bash.approve",
        "a command, allowed once",
        ((_bash("mkfifo allowed"),),),
        (Step(Kind.APPROVAL, "mkfifo allowed", _APPROVE, makes="allowed"),),
    ),
    Case(
        "bash.deny",
        "a command, denied",
        ((_bash("mkfifo denied"),),),
        (Step(Kind.APPROVAL, "mkfifo denied", _DENY, never="denied"),),
    ),
    Case(
        "bash.reason",
        "a command, denied with a reason",
        ((_bash("mkfifo unwanted"),),),
        (
            Step(
                Kind.APPROVAL,
                "mkfifo unwanted",
                {**_DENY, "reason": _REASON},
                never="unwanted",
                hears=_REASON,
            ),
        ),
    ),
    Case(
        "edit.approve",
        "a new file, allowed",
        ((_write("made.txt", "made here\n"),),),
        (Step(Kind.APPROVAL, "made here", _APPROVE, makes="made.txt"),),
    ),
    Case(
        "edit.deny",
        "a new file, denied",
        ((_write("unmade.txt", "not here\n"),),),
        (Step(Kind.APPROVAL, "not here", _DENY, never="unmade.txt"),),
    ),
    Case(
        "question.choose",
        "a question, answered by its second row",
        ((Call("question", {"questions": [_QUESTION]}),),),
        (Step(Kind.QUESTION, _ASKED, {"choices": [2]}, hears='"SQLite"'),),
    ),
    Case(
        "question.answer",
        "a question, answered in own words",
        ((Call("question", {"questions": [_QUESTION]}),),),
        (
            Step(
                Kind.QUESTION,
                _ASKED,
                {"decision": "answer", "reason": "MariaDB 11"},
                hears="MariaDB 11",
            ),
        ),
    ),
    Case(
        "bash.always",
        "a command, allowed from now on",
        ((_bash("mkfifo first"),), (_bash("mkfifo first second"),)),
        (
            Step(Kind.APPROVAL, "mkfifo first", _ALWAYS),
            Step(Kind.APPROVAL, "mkfifo *", _ALWAYS, makes="first"),
        ),
        then="second",
    ),
)


def seed(place: Place) -> None:
    """A provider of our own, and nothing allowed beforehand: by default it asks nobody."""
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "Scripted",
        "options": {"baseURL": f"http://127.0.0.1:{place.port}/v1", "apiKey": "no-key"},
        "models": {"scripted": {"name": "Scripted", "limit": {"context": 200000, "output": 8000}}},
    }
    configuration = {
        "autoupdate": False,
        "share": "disabled",
        "model": "canary/scripted",
        "small_model": "canary/scripted",
        "permission": {"edit": "ask", "bash": "ask", "webfetch": "ask"},
        "provider": {"canary": provider},
    }
    folder = place.home / ".config" / "opencode"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opencode.json").write_text(json.dumps(configuration), encoding="utf-8")


def environment(place: Place) -> Mapping[str, str]:
    return {
        "XDG_CONFIG_HOME": str(place.home / ".config"),
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
        "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
    }


SUBJECT = Subject(
    "opencode",
    CASES,
    chat.application,
    seed,
    environment,
    asks_trust=False,
    not_covered=("a page to be fetched: it would be fetched",),
)
