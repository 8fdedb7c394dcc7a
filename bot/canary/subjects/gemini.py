"""How the Gemini CLI is tried (0.61.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.canary.models import generate
from bot.canary.script import Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_APPROVE = {"decision": "approve"}
_DENY = {"decision": "deny"}
_REASON = "use the other folder; not $(this) one"
_ASKED = "Which database should the service use?"
_QUESTION = {
    "question": _ASKED,
    "header": "Database",
    "type": "choice",
    "options": [
        {"label": "PostgreSQL", "description": "Known to the team"},
        {"label": "SQLite", "description": "No server to run"},
    ],
}


def _bash(command: str) -> Call:
    return Call("run_shell_command", {"command": command, "description": "Make a marker"})


def _write(name: str, content: str) -> Call:
    return Call("write_file", {"file_path": f"{{project}}/{name}", "content": content})


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
        ((Call("ask_user", {"questions": [_QUESTION]}),),),
        (Step(Kind.QUESTION, _ASKED, {"choices": [2]}, hears="SQLite"),),
    ),
    Case(
        "question.answer",
        "a question, answered in own words",
        ((Call("ask_user", {"questions": [_QUESTION]}),),),
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
        ((_bash("mkfifo first"),), (_bash("mkfifo second"),)),
        (
            Step(
                Kind.APPROVAL,
                "mkfifo first",
                {"decision": "always", "confirm": True},
                makes="first",
            ),
        ),
        then="second",
    ),
)


def seed(place: Place) -> None:
    """A key is asked for nowhere, and the project is not yet trusted."""
    settings = {
        "security": {
            "auth": {"selectedType": "gemini-api-key"},
            "folderTrust": {"enabled": True},
        },
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "model": {"name": "gemini-2.5-pro"},
    }
    folder = place.home / ".gemini"
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def environment(place: Place) -> Mapping[str, str]:
    return {
        "GOOGLE_GEMINI_BASE_URL": f"http://127.0.0.1:{place.port}",
        "GEMINI_API_KEY": "no-key",
        "GEMINI_TELEMETRY_ENABLED": "false",
    }


SUBJECT = Subject(
    "gemini",
    CASES,
    generate.application,
    seed,
    environment,
    not_covered=(
        "a page to be fetched: the CLI would fetch it",
        "a tool of an MCP server: none is started",
        "a question with several answers",
    ),
)
