"""How the Gemini CLI is tried (0.61.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases, mcp_server
from bot.canary.mcp_server import SERVER, TOOL
from bot.canary.models import generate
from bot.canary.script import Call
from bot.canary.subject import Place, Subject


def _bash(command: str) -> Call:
    return Call("run_shell_command", {"command": command, "description": "Make a marker"})


def _write(name: str, line: str) -> Call:
    return Call("write_file", {"file_path": f"{{project}}/{name}", "content": f"{line}\n"})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("ask_user", {"questions": [{**question, "type": "choice"}]})


def _ask_several(question: Mapping[str, Any]) -> Call:
    return Call("ask_user", {"questions": [{**question, "type": "choice", "multiSelect": True}]})


def _tool(name: str) -> Call:
    return Call(f"mcp_{SERVER}_{TOOL}", {"name": name})


def _fetch(page: str) -> Call:
    return Call("web_fetch", {"prompt": f"What does {page} say?"})


CASES = (
    *cases.commands(_bash),
    *cases.edits(_write),
    *cases.questions(_ask),
    *cases.always(_bash("mkfifo first"), _bash("mkfifo second")),
    *cases.several(_ask_several, reviewed=False),
    *cases.long_lists(_ask, _ask_several),
    *cases.tools(_tool),
    *cases.refused_pages(_fetch, "[Blocked Host] http://{}/"),
)


def seed(place: Place) -> None:
    """A key is asked for nowhere, and the project is not yet trusted."""
    server = mcp_server.command(place.project)
    settings = {
        "security": {
            "auth": {"selectedType": "gemini-api-key"},
            "folderTrust": {"enabled": True},
        },
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "mcpServers": {SERVER: {"command": server[0], "args": server[1:]}},
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
)
