"""What Claude Code hands to its hooks, in the shape that 2.1.329 has."""

from __future__ import annotations

from typing import Any

from bot.core import hook_schema
from bot.core.hooks import Asked

Json = dict[str, Any]

COMMON: Json = {
    "session_id": "c0ffee",
    "transcript_path": "/home/dev/.claude/projects/-home-dev-shop/c0ffee.jsonl",
    "cwd": "/home/dev/shop",
    "permission_mode": "default",
}

ALWAYS_MAKE: Json = {
    "type": "addRules",
    "rules": [{"toolName": "Bash", "ruleContent": "make *"}],
    "behavior": "allow",
    "destination": "localSettings",
}
ACCEPT_EDITS: Json = {"type": "setMode", "mode": "acceptEdits", "destination": "session"}

DATABASES: Json = {
    "question": "Which database should the service use?",
    "header": "Database",
    "multiSelect": False,
    "options": [
        {"label": "PostgreSQL", "description": "Mature"},
        {"label": "SQLite", "description": "One file"},
    ],
}


def event(name: str, **fields: object) -> Json:
    return {**COMMON, "hook_event_name": name, **fields}


def permission(tool: str, arguments: Json, *suggestions: Json, **fields: object) -> Json:
    return event(
        "PermissionRequest",
        tool_name=tool,
        tool_input=arguments,
        permission_suggestions=list(suggestions),
        **fields,
    )


def asked(tool: str, arguments: Json, *suggestions: Json) -> Asked:
    told = hook_schema.read(permission(tool, arguments, *suggestions))
    assert told is not None
    assert isinstance(told.event, Asked)
    return told.event


def asked_command(command: str, *suggestions: Json) -> Asked:
    return asked("Bash", {"command": command}, *suggestions)


def asked_question(*questions: Json) -> Asked:
    return asked("AskUserQuestion", {"questions": list(questions)})
