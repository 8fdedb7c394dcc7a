"""How Claude Code is tried (2.1.197 to 2.1.329)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases, mcp_server
from bot.canary.mcp_server import SERVER, TOOL
from bot.canary.models import messages
from bot.canary.script import EITHER, Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_KEY = "sk-ant-no-key-" + "0" * 40
"""Looks like one, so that it is sent; nobody but the scripted model gets it."""


def _bash(command: str) -> Call:
    return Call("Bash", {"command": command, "description": "Make a marker"})


def _write(name: str, line: str) -> Call:
    return Call("Write", {"file_path": f"{{project}}/{name}", "content": f"{line}\n"})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("AskUserQuestion", {"questions": [{**question, "multiSelect": False}]})


def _ask_several(question: Mapping[str, Any]) -> Call:
    return Call("AskUserQuestion", {"questions": [{**question, "multiSelect": True}]})


def _tool(name: str) -> Call:
    return Call(f"mcp__{SERVER}__{TOOL}", {"name": name})


def _fetch(page: str) -> Call:
    return Call("WebFetch", {"url": page, "prompt": "What does it say?"})


def _read(file: str) -> Call:
    return Call("Read", {"file_path": file})


CASES = (
    *cases.commands(_bash, ways=EITHER),
    *cases.edits(_write, ways=EITHER),
    *cases.questions(_ask, ways=EITHER),
    *cases.always(_bash("mkfifo first"), _bash("mkfifo first second"), ways=EITHER),
    *cases.several(_ask_several),
    *cases.tools(_tool, ways=EITHER),
    *cases.reads(_read, ways=EITHER),
    *cases.refused_pages(_fetch, "ECONNREFUSED {}", ways=EITHER),
    Case(
        "search.approve",
        "a search, allowed once",
        ((Call("WebSearch", {"query": "the wanted words"}),),),
        (Step(Kind.APPROVAL, "the wanted words", cases.APPROVE, hears="query: the wanted words"),),
        ways=EITHER,
    ),
    Case(
        "search.deny",
        "a search, denied",
        ((Call("WebSearch", {"query": "the other words"}),),),
        (Step(Kind.APPROVAL, "the other words", cases.DENY, unheard="query: the other words"),),
        ways=EITHER,
    ),
    Case(
        "plan.reason",
        "a plan, sent back with words",
        (
            (Call("Write", {"file_path": "{plan}", "content": "# Plan\n\nMake a heap.\n"}),),
            (Call("ExitPlanMode", {}),),
        ),
        (
            Step(
                Kind.PLAN,
                "Make a heap.",
                {**cases.DENY, "reason": cases.REASON},
                hears=cases.REASON,
            ),
        ),
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
            Step(Kind.APPROVAL, "mkfifo planned", cases.APPROVE, makes="planned"),
        ),
        mode="plan",
        ways=EITHER,
    ),
)


def seed(place: Place) -> None:
    """Past the first run's questions, and the project not yet trusted."""
    server = mcp_server.command(place.project)
    configuration = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "hasSeenAutoDefaultNotice": True,
        "officialMarketplaceAutoInstallAttempted": True,
        "customApiKeyResponses": {"approved": [_KEY[-20:]], "rejected": []},
        "mcpServers": {SERVER: {"command": server[0], "args": server[1:]}},
    }
    folder = place.home / ".claude"
    folder.mkdir(exist_ok=True)
    # It would ask its maker about the host of a page first
    settings = {"skipWebFetchPreflight": True}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
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
)
