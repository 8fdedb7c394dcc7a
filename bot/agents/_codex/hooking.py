"""Codex's hooks (0.169.0): Claude Code's JSON, and less that can be answered.

Its dialog comes only after the hook, when that said nothing. The one answer to ``allow`` is a bare
yes: ``updatedInput``, ``updatedPermissions`` and ``interrupt`` make it print "Hook failed" and ask
in its dialog. A denied call does not end the turn; the message is all that the model is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core import hook_schema
from bot.core.hook_settings import HookSetup, Scope
from bot.core.hooks import (
    Allow,
    Asked,
    Deny,
    Json,
    Reply,
    Told,
    ToolEnded,
    arguments_of,
    canonical_json,
    text_in,
)
from bot.core.prompts import Kind

AT_ONCE = 10
"""Seconds: these only tell."""
FOR_A_PERSON = 600
"""Seconds: ``wingman-hook`` is done before that, and the dialog comes."""

SETUP = HookSetup(
    files={Scope.USER: ".codex/hooks.json"},
    events={
        "PermissionRequest": FOR_A_PERSON,
        "PostToolUse": AT_ONCE,
        "Stop": AT_ONCE,
        "SubagentStop": AT_ONCE,
        "SessionStart": AT_ONCE,
        "UserPromptSubmit": AT_ONCE,
    },
    note="Codex runs them once you trust them there: /hooks, in its next session.",
    before_dialog=True,
)

DENIED = "The user denied this. Do not try another way; stop, and wait for what they say next."
"""A denial without a reason: it cannot end the turn, so the model is asked to."""

TOOLS = {"Bash": "exec_command"}
"""Named as on its screens: ``Bash`` is a name for hooks only."""
_PATCH_TOOL = "apply_patch"
_PATCHED = re.compile(r"\*\*\* (?:Add|Update|Delete) File: (.+)|\*\*\* Move to: (.+)")


def read(given: Mapping[str, Any]) -> Told | None:
    told = hook_schema.read(given)
    if told is None:
        return None
    match told.event:
        case Asked() as asked if "turn_id" in given:
            return replace(told, event=_asked(asked, text_in(given, "cwd")))
        case Asked():
            return None
        case ToolEnded() as ended:
            return replace(told, event=replace(ended, tool=TOOLS.get(ended.tool, ended.tool)))
        case _:
            return told


def answer(asked: Asked, reply: Reply) -> Json | None:
    match reply:
        case Allow(()):
            return hook_schema.answer(asked, reply)
        case Deny(message, _):
            return hook_schema.answer(asked, Deny(message or DENIED))
        case _:
            return None


def _asked(asked: Asked, folder: str) -> Asked:
    """Without the reason among the arguments: the event of the run that follows has none."""
    arguments = arguments_of(asked)
    reason = text_in(arguments, "description")
    known = {name: value for name, value in arguments.items() if name != "description"}
    asked = replace(
        asked,
        kind=Kind.APPROVAL,
        tool=TOOLS.get(asked.tool, asked.tool),
        arguments=canonical_json(known if reason else arguments),
        questions=(),
        plan="",
    )
    if asked.tool != _PATCH_TOOL:
        return asked
    patch = text_in(arguments, "command")
    named = [one or other for one, other in _PATCHED.findall(patch)]
    files = [name if name.startswith("/") or not folder else f"{folder}/{name}" for name in named]
    if not files:
        return asked
    told = [reason] if reason else []
    return replace(asked, subject="\n".join(files), body=(*told, *patch.split("\n")))
