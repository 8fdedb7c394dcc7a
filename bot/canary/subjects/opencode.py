"""How OpenCode is tried (1.18.33)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases, mcp_server
from bot.canary.mcp_server import SERVER, TOOL
from bot.canary.models import chat
from bot.canary.script import Call, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_ASKED = ("edit", "bash", "webfetch", "external_directory", f"{SERVER}_*")
"""What it asks for; by default it asks nobody."""


def _bash(command: str) -> Call:
    return Call("bash", {"command": command, "description": "Make a marker"})


def _write(name: str, line: str) -> Call:
    return Call("write", {"filePath": f"{{project}}/{name}", "content": f"{line}\n"})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("question", {"questions": [dict(question)]})


def _ask_several(question: Mapping[str, Any]) -> Call:
    return Call("question", {"questions": [{**question, "multiple": True}]})


def _tool(name: str) -> Call:
    return Call(f"{SERVER}_{TOOL}", {"name": name})


def _fetch(page: str) -> Call:
    return Call("webfetch", {"url": page, "format": "text"})


def _read(file: str) -> Call:
    return Call("read", {"filePath": file})


CASES = (
    *cases.commands(_bash),
    *cases.edits(_write),
    *cases.questions(_ask, heard='"SQLite"'),
    *cases.always(
        _bash("mkfifo first"),
        _bash("mkfifo first second"),
        steps=(
            Step(Kind.APPROVAL, "mkfifo first", cases.ALWAYS),
            Step(Kind.APPROVAL, "mkfifo *", cases.ALWAYS, makes="first"),
        ),
    ),
    *cases.several(_ask_several),
    *cases.tools(_tool),
    *cases.pages(_fetch),
    *cases.reads(_read),
)


def seed(place: Place) -> None:
    """A provider of our own, and nothing allowed beforehand: by default it asks nobody."""
    server = mcp_server.command(place.project)
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
        "permission": dict.fromkeys(_ASKED, "ask"),
        "mcp": {SERVER: {"type": "local", "command": server, "enabled": True}},
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
)
