"""What Claude Code writes down of itself (2.1.197 and 2.1.329), below ``~/.claude``.

``sessions/<pid>.json`` says which conversation a process is in. In its transcript, a JSON document
a line, the line of a call is there 0.2 seconds before the dialog that asks about it is drawn, and
its result follows once it ran or was denied. A hook at PreToolUse may change the arguments: then
the dialog and the tool have the new ones, and the transcript keeps those of the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.core import hook_schema
from bot.core.hooks import Asked, text_in
from bot.core.keeping import Keeping, Place, Process

_HOME = "CLAUDE_CONFIG_DIR"
_MANAGED = "/etc/claude-code/managed-settings.json"
_CONVERSATION = re.compile(r"[0-9A-Za-z-]{1,80}")
_CHANGES = "PreToolUse"
_MORE_HOOKS = frozenset({"--plugin-dir", "--agents"})
"""Options that may bring hooks along, as ``--settings`` may."""


def account(process: Process) -> str:
    home = _home(process)
    return f"{home}/sessions/{process.pid}.json" if home else ""


def place(process: Process, text: str, known: str) -> Place | None:
    given = _document(text)
    conversation, directory = text_in(given, "sessionId"), text_in(given, "cwd")
    if given.get("pid") != process.pid or not _CONVERSATION.fullmatch(conversation):
        return None
    begun = text_in(given, "procStart")
    if begun and process.begun and begun != process.begun:
        return None  # of an earlier process with that number
    if text_in(given, "kind") not in ("", "interactive") or _brings_hooks(process.arguments):
        return None
    own = re.sub(r"[^0-9A-Za-z]", "-", directory)
    transcript = f"{_home(process)}/projects/{own}/{conversation}.jsonl"
    if known.endswith(f"/{conversation}.jsonl"):
        transcript = known
    below = [f"{directory}/.claude/{name}" for name in ("settings.json", "settings.local.json")]
    settings = (f"{_home(process)}/settings.json", *below, _MANAGED)
    return Place(transcript, settings, f"{transcript.removesuffix('.jsonl')}/subagents")


def rewrites(text: str) -> bool:
    """Also where plugins are on, which may have hooks of their own, or it cannot be read."""
    given = _document(text)
    if not given:
        return text.strip() not in ("", "{}")
    hooks, plugins = given.get("hooks"), given.get("enabledPlugins")
    return bool(isinstance(hooks, dict) and hooks.get(_CHANGES)) or bool(
        isinstance(plugins, dict) and any(plugins.values())
    )


def waiting(text: str) -> Sequence[Asked]:
    """Of the newest message alone: an older call without a result was broken off. From the end:
    little of a long record has to be understood."""
    calls: dict[str, Asked] = {}
    ended: set[str] = set()
    message = ""
    for line in reversed(text.split("\n")):
        if '"assistant"' not in line and '"user"' not in line:
            continue
        given = _document(line)
        said = given.get("message")
        if given.get("type") not in ("assistant", "user") or not isinstance(said, dict):
            continue
        blocks = list(_blocks(said))
        if given["type"] == "assistant":
            if text_in(said, "id") != (message or text_in(said, "id")):
                break
            message = text_in(said, "id")
            calls = {**dict(_called(blocks)), **calls}
        elif given.get("isMeta") is not True:
            results = {text_in(one, "tool_use_id") for one in blocks if _is(one, "tool_result")}
            if not results:
                break
            ended |= results
    return tuple(call for id_, call in calls.items() if id_ not in ended)


def _called(blocks: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Asked]]:
    for block in blocks:
        id_ = text_in(block, "id")
        if not _is(block, "tool_use") or not id_:
            continue
        told = hook_schema.read(
            {
                "hook_event_name": hook_schema.ASKS,
                "tool_name": block.get("name"),
                "tool_input": block.get("input"),
            }
        )
        if told is not None and isinstance(told.event, Asked):
            yield id_, replace(told.event, call=id_)


def _is(block: dict[str, Any], kind: str) -> bool:
    return block.get("type") == kind


def _blocks(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    content = message.get("content")
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict):
            yield block


def _home(process: Process) -> str:
    own, user = process.environment.get(_HOME, ""), process.environment.get("HOME", "")
    return own or (f"{user}/.claude" if user else "")


def _brings_hooks(arguments: Sequence[str]) -> bool:
    """Settings that are written out say themselves whether they do; a file of them does not."""
    for option, value in zip(arguments, [*arguments[1:], ""], strict=True):
        name, is_joined, joined = option.partition("=")
        if name in _MORE_HOOKS:
            return True
        if name == "--settings" and rewrites(joined if is_joined else value):
            return True
    return False


def _document(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


KEEPING = Keeping(
    variables=frozenset({_HOME, "HOME"}),
    account=account,
    place=place,
    rewrites=rewrites,
    waiting=waiting,
)
