"""How Claude Code is tried (2.1.197 to 2.1.329)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.canary.models import messages
from bot.canary.script import EITHER, Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_KEY = "sk-ant-no-key-" + "0" * 40
"""Looks like one, so that it is sent; nobody but the scripted model gets it."""

_APPROVE = {"decision": "approve"}
_DENY = {"decision": "deny"}
_REASON = "use the other folder; not $(this) one"
_ASKED = "Which database should the service use?"
_QUESTION = {
    "question": _ASKED,
    "header": "Database",
    "multiSelect": False,
    "options": [
        {"label": "PostgreSQL", "description": "Known to the team"},
        {"label": "SQLite", "description": "No server to run"},
    ],
}


def _bash(command: str) -> Call:
    return Call("Bash", {"command": command, "description": "Make a marker"})


CASES = (
    Case(
        "bash.approve",
        "a command, allowed once",
        ((_bash("mkfifo allowed"),),),
        (Step(Kind.APPROVAL, "mkfifo allowed", _APPROVE, makes="allowed"),),
        ways=EITHER,
    ),
    Case(
        "bash.deny",
        "a command, denied",
        ((_bash("mkfifo denied"),),),
        (Step(Kind.APPROVAL, "mkfifo denied", _DENY, never="denied"),),
        ways=EITHER,
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
        ways=EITHER,
    ),
    Case(
        "edit.approve",
        "a new file, allowed",
        ((Call("Write", {"file_path": "{project}/made.txt", "content": "made here\n"}),),),
        (Step(Kind.APPROVAL, "made here", _APPROVE, makes="made.txt"),),
        ways=EITHER,
    ),
    Case(
        "edit.deny",
        "a new file, denied",
        ((Call("Write", {"file_path": "{project}/unmade.txt", "content": "not here\n"}),),),
        (Step(Kind.APPROVAL, "not here", _DENY, never="unmade.txt"),),
        ways=EITHER,
    ),
    Case(
        "question.choose",
        "a question, answered by its second row",
        ((Call("AskUserQuestion", {"questions": [_QUESTION]}),),),
        (Step(Kind.QUESTION, _ASKED, {"choices": [2]}, hears="SQLite"),),
        ways=EITHER,
    ),
    Case(
        "question.answer",
        "a question, answered in own words",
        ((Call("AskUserQuestion", {"questions": [_QUESTION]}),),),
        (
            Step(
                Kind.QUESTION,
                _ASKED,
                {"decision": "answer", "reason": "MariaDB 11"},
                hears="MariaDB 11",
            ),
        ),
        ways=EITHER,
    ),
    Case(
        "bash.always",
        "a command, allowed from now on",
        ((_bash("mkfifo first"),), (_bash("mkfifo first second"),)),
        (
            Step(
                Kind.APPROVAL,
                "mkfifo first",
                {"decision": "always", "confirm": True},
                makes="first",
            ),
        ),
        then="second",
        ways=EITHER,
    ),
    Case(
        "plan.reason",
        "a plan, sent back with words",
        (
            (Call("Write", {"file_path": "{plan}", "content": "# Plan\n\nMake a heap.\n"}),),
            (Call("ExitPlanMode", {}),),
        ),
        (Step(Kind.PLAN, "Make a heap.", {**_DENY, "reason": _REASON}, hears=_REASON),),
        mode="plan",
        ways=EITHER,
    ),
    Case(
        "plan.approve",
        "a plan, approved",
        (
            (Call("Write", {"file_path": "{plan}", "content": "# Plan\n\nMake a cache.\n"}),),
            (Call("ExitPlanMode", {}),),
            (_bash("mkfifo planned"),),
        ),
        (
            Step(Kind.PLAN, "Make a cache.", {"decision": "approve", "confirm": True}),
            Step(Kind.APPROVAL, "mkfifo planned", _APPROVE, makes="planned"),
        ),
        mode="plan",
        ways=EITHER,
    ),
)


def seed(place: Place) -> None:
    """Past the first run's questions, and the project not yet trusted."""
    configuration = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "hasSeenAutoDefaultNotice": True,
        "officialMarketplaceAutoInstallAttempted": True,
        "customApiKeyResponses": {"approved": [_KEY[-20:]], "rejected": []},
    }
    (place.home / ".claude").mkdir(exist_ok=True)
    (place.home / ".claude.json").write_text(json.dumps(configuration), encoding="utf-8")


def environment(place: Place) -> Mapping[str, str]:
    return {
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{place.port}",
        "ANTHROPIC_API_KEY": _KEY,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "DISABLE_BUG_COMMAND": "1",
    }


SUBJECT = Subject(
    "claude",
    CASES,
    messages.application,
    seed,
    environment,
    not_covered=(
        "a page to be fetched, a search: they would go out",
        "a tool of an MCP server: none is started",
    ),
)
