"""How Qwen Code is tried (0.24.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases, mcp_server
from bot.canary.mcp_server import SERVER, TOOL
from bot.canary.models import chat
from bot.canary.script import Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind


def _bash(command: str) -> Call:
    return Call("run_shell_command", {"command": command, "description": "Make a marker"})


def _write(name: str, line: str) -> Call:
    return Call("write_file", {"file_path": f"{{project}}/{name}", "content": f"{line}\n"})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("ask_user_question", {"questions": [{**question, "multiSelect": False}]})


def _ask_several(question: Mapping[str, Any]) -> Call:
    return Call("ask_user_question", {"questions": [{**question, "multiSelect": True}]})


def _tool(name: str) -> Call:
    return Call(f"mcp__{SERVER}__{TOOL}", {"name": name})


def _fetch(page: str) -> Call:
    return Call("web_fetch", {"url": page, "prompt": "What does it say?"})


def _read(file: str) -> Call:
    return Call("read_file", {"file_path": file})


_PLAN = Call("exit_plan_mode", {"plan": "# A plan\n\n1. Make a marker\n"})
_PLANS = (
    Case(
        "plan.reason",
        "a plan, sent back with words",
        ((_PLAN,),),
        (
            Step(
                Kind.PLAN,
                "Make a marker",
                {**cases.DENY, "reason": cases.REASON},
                hears=cases.REASON,
            ),
        ),
        mode="plan",
    ),
    Case(
        "plan.approve",
        "a plan, approved",
        ((_PLAN,), (_write("planned.txt", "planned here"),)),
        (
            Step(Kind.PLAN, "Make a marker", cases.APPROVE),
            Step(Kind.APPROVAL, "planned here", cases.APPROVE, makes="planned.txt"),
        ),
        mode="plan",
    ),
)

CASES = (
    *cases.commands(_bash),
    *cases.edits(_write),
    *cases.questions(_ask),
    *cases.several(_ask_several, reviewed=False),
    *cases.tools(_tool),
    *cases.reads(_read),
    *cases.always(_bash("mkfifo first"), _bash("mkfifo second")),
    *cases.pages(_fetch),
    *_PLANS,
)


def seed(place: Place) -> None:
    """It is signed in by a key that is none, and the project is not yet trusted."""
    server = mcp_server.command(place.project)
    settings = {
        "security": {"auth": {"selectedType": "openai"}, "folderTrust": {"enabled": True}},
        "general": {"enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "mcpServers": {SERVER: {"command": server[0], "args": server[1:]}},
    }
    folder = place.home / ".qwen"
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def environment(place: Place) -> Mapping[str, str]:
    return {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{place.port}/v1",
        "OPENAI_API_KEY": "no-key",
        "OPENAI_MODEL": "scripted",
    }


SUBJECT = Subject("qwen", CASES, chat.application, seed, environment)
