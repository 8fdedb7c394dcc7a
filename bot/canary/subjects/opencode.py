"""How OpenCode is tried (1.18.33)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases
from bot.canary.models import chat
from bot.canary.script import Call, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind


def _bash(command: str) -> Call:
    return Call("bash", {"command": command, "description": "Make a marker"})


def _write(name: str, line: str) -> Call:
    return Call("write", {"filePath": f"{{project}}/{name}", "content": f"{line}\n"})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("question", {"questions": [dict(question)]})


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
