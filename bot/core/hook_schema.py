"""The JSON of Claude Code's hooks (2.1.329), which Codex (0.169.0) has taken over: both ways.

An agent with the same schema names ``read`` and ``answer`` in its own file.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.core.hooks import (
    Allow,
    Answers,
    Asked,
    Began,
    Deny,
    GrantKind,
    HookEvent,
    Json,
    Notification,
    Notified,
    Option,
    PromptSubmitted,
    Question,
    Reply,
    SessionBegan,
    SessionFinished,
    SubagentEnded,
    Suggestion,
    Told,
    ToolEnded,
    TurnEnded,
    arguments_of,
    canonical_json,
    text_in,
)
from bot.core.prompts import Kind

ASKS = "PermissionRequest"
"""The one event whose hook we let wait."""

OUTPUT = 4000
"""Characters of what a tool printed: test runners sum up at the end."""
QUESTION_TOOL, PLAN_TOOL = "AskUserQuestion", "ExitPlanMode"
DENIED = "The user denied this."
"""What the model is told when the person gave no reason: it must be told something."""

_NOTIFICATIONS = {"permission_prompt": Notified.PERMISSION, "idle_prompt": Notified.IDLE}
_BACKGROUND = "<task-notification>"
_TARGETS = {
    "Bash": "command",
    "Edit": "file_path",
    "MultiEdit": "file_path",
    "Write": "file_path",
    "Read": "file_path",
    "NotebookEdit": "notebook_path",
    "WebFetch": "url",
    "WebSearch": "query",
}
_WHERE = {
    "session": "for this session",
    "localSettings": "in this project, for you (.claude/settings.local.json)",
    "projectSettings": "in this project, for everybody (.claude/settings.json)",
    "userSettings": "in all your projects (~/.claude/settings.json)",
}
_MODES = {"acceptEdits": "accept all edits without asking"}


def read(given: Mapping[str, Any]) -> Told | None:
    """None for an event that tells us nothing. Total: whatever is in it, there is no error."""
    reader = _READERS.get(text_in(given, "hook_event_name"))
    event = None if reader is None else reader(given)
    if event is None:
        return None
    return Told(
        event,
        text_in(given, "session_id"),
        text_in(given, "transcript_path"),
        text_in(given, "agent_type") if text_in(given, "agent_id") else "",
    )


def answer(asked: Asked, reply: Reply) -> Json | None:
    """What the hook prints; None for a reply that cannot be given in this way."""
    decision = _decision(asked, reply)
    if decision is None:
        return None
    return {"hookSpecificOutput": {"hookEventName": ASKS, "decision": decision}}


def _decision(asked: Asked, reply: Reply) -> Json | None:
    match reply:
        case Allow(grants):
            return _allowed(asked, grants)
        case Deny(message, stop):
            denied: Json = {"behavior": "deny", "message": message or DENIED}
            return {**denied, "interrupt": True} if stop else denied
        case Answers(by_question):
            if asked.kind is not Kind.QUESTION:
                return None
            filled = {**arguments_of(asked), "answers": dict(by_question)}
            return {"behavior": "allow", "updatedInput": filled}


def _allowed(asked: Asked, grants: Sequence[Suggestion]) -> Json | None:
    if asked.kind is Kind.QUESTION:
        return None  # 2.1.329 ignores a yes without answers
    decision: Json = {"behavior": "allow"}
    if asked.kind is Kind.PLAN:
        # A bare yes is ignored; with the input it approves and goes to manual mode (2.1.329)
        decision["updatedInput"] = arguments_of(asked)
    if grants:
        decision["updatedPermissions"] = [json.loads(grant.plain) for grant in grants]
    return decision


# Events


def _asked(given: Mapping[str, Any]) -> Asked | None:
    tool, arguments = text_in(given, "tool_name"), given.get("tool_input")
    if not tool or not isinstance(arguments, dict):
        return None
    kind = {QUESTION_TOOL: Kind.QUESTION, PLAN_TOOL: Kind.PLAN}.get(tool, Kind.APPROVAL)
    questions = _questions(arguments) if kind is Kind.QUESTION else ()
    plan = text_in(arguments, "plan") if kind is Kind.PLAN else ""
    if kind is Kind.QUESTION:
        subject = "\n".join(question.text for question in questions)
        body = tuple(line for question in questions for line in _question_lines(question))
    elif kind is Kind.PLAN:
        subject = next((line for line in plan.split("\n") if line.strip()), "")
        body = tuple(plan.split("\n"))
    else:
        subject, body = _subject(tool, arguments), _body(tool, arguments)
    return Asked(
        kind,
        tool,
        canonical_json(arguments),
        subject,
        body,
        _suggestions(given.get("permission_suggestions")),
        questions,
        plan,
        text_in(given, "agent_type") if text_in(given, "agent_id") else "",
    )


def _tool_ended(given: Mapping[str, Any]) -> ToolEnded:
    failed = text_in(given, "hook_event_name") == "PostToolUseFailure"
    arguments = canonical_json(given.get("tool_input"))
    printed = text_in(given, "error") or _printed(given.get("tool_response"))
    return ToolEnded(text_in(given, "tool_name"), arguments, failed, printed[-OUTPUT:])


def _printed(response: object) -> str:
    if isinstance(response, dict):
        return "\n".join(text_in(response, name) for name in ("stdout", "stderr"))
    return response if isinstance(response, str) else ""


def _notified(given: Mapping[str, Any]) -> Notification:
    about = _NOTIFICATIONS.get(text_in(given, "notification_type"), Notified.OTHER)
    return Notification(about, text_in(given, "message"))


def _submitted(given: Mapping[str, Any]) -> PromptSubmitted:
    text = text_in(given, "prompt")
    return PromptSubmitted(text, not text.startswith(_BACKGROUND))


def _turn_ended(given: Mapping[str, Any]) -> TurnEnded:
    last, code = text_in(given, "last_assistant_message"), text_in(given, "error")
    if not code:
        return TurnEnded(last)
    # Its words stand where an answer would (Claude Code 2.1.197, 2.1.329); it is nobody's answer.
    return TurnEnded("", text_in(given, "error_details") or last or code.replace("_", " "))


def _began(given: Mapping[str, Any]) -> SessionBegan:
    source, model = text_in(given, "source"), text_in(given, "model")
    known = source in {began.value for began in Began}
    return SessionBegan(Began(source) if known else Began.OTHER, model)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], HookEvent | None]] = {
    ASKS: _asked,
    "PostToolUse": _tool_ended,
    "PostToolUseFailure": _tool_ended,
    "Notification": _notified,
    "UserPromptSubmit": _submitted,
    "Stop": _turn_ended,
    "StopFailure": _turn_ended,
    "SubagentStop": lambda given: SubagentEnded(text_in(given, "agent_type")),
    "SessionStart": _began,
    "SessionEnd": lambda given: SessionFinished(text_in(given, "reason")),
}


# What is asked


def _subject(tool: str, arguments: Json) -> str:
    target = text_in(arguments, _TARGETS.get(tool, ""))
    return target or json.dumps(arguments, indent=2, ensure_ascii=False)


def _body(tool: str, arguments: Json) -> tuple[str, ...]:
    """All arguments but the subject, nothing left out: what is not known is shown as it is."""
    target = _TARGETS.get(tool, "")
    if not text_in(arguments, target):
        return ()
    rest = {name: value for name, value in arguments.items() if name != target}
    lines: list[str] = []
    if tool == "Bash":
        lines += _taken(rest, "description")
    elif tool == "Edit":
        lines += _diff(rest)
    elif tool == "MultiEdit" and _are_edits(rest.get("edits")):
        lines += [line for edit in rest.pop("edits") for line in ("@@", *_diff(dict(edit)))]
    elif tool == "Write":
        lines += [f"+{line}" for line in _taken(rest, "content")]
    elif tool == "NotebookEdit":
        lines += _taken(rest, "new_source")
    elif tool == "WebFetch":
        lines += _taken(rest, "prompt")
    return (*lines, *(f"{name}: {_shown(value)}" for name, value in rest.items()))


def _taken(rest: Json, name: str) -> list[str]:
    """The lines of a text, which then is not shown a second time."""
    if not isinstance(rest.get(name), str):
        return []
    text: str = rest.pop(name)
    return text.split("\n")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _are_edits(edits: object) -> bool:
    return isinstance(edits, list) and all(isinstance(edit, dict) for edit in edits)


def _diff(edit: Json) -> list[str]:
    """The edit as a diff; what else it says after it."""
    before, after = _taken(edit, "old_string"), _taken(edit, "new_string")
    lines = list(difflib.unified_diff(before, after, lineterm="", n=3))[3:]
    if edit.get("replace_all") is False:
        del edit["replace_all"]
    return ["…" if line.startswith("@@") else line for line in lines]


def _questions(arguments: Json) -> tuple[Question, ...]:
    given = arguments.get("questions")
    return tuple(
        Question(
            text_in(one, "question"),
            text_in(one, "header"),
            tuple(
                Option(text_in(option, "label"), text_in(option, "description"))
                for option in one.get("options") or ()
                if isinstance(option, dict)
            ),
            one.get("multiSelect") is True,
        )
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict) and isinstance(one.get("options") or [], list)
    )


def _question_lines(question: Question) -> list[str]:
    lines = question.text.split("\n")
    for option in question.options:
        lines += [f"• {option.label}", *([f"    {option.detail}"] if option.detail else [])]
    return lines


# What may be granted with a yes


def _suggestions(given: object) -> tuple[Suggestion, ...]:
    listed = given if isinstance(given, list) else []
    return tuple(_suggestion(one) for one in listed if isinstance(one, dict))


def _suggestion(given: Json) -> Suggestion:
    kind, contents, words = _grant(given)
    where = text_in(given, "destination")
    known = _WHERE.get(where, f"kept in: {where}" if where else "")
    return Suggestion(kind, contents, words, known, canonical_json(given))


def _grant(given: Json) -> tuple[GrantKind, tuple[str, ...], str]:
    type_, rules, directories = given.get("type"), given.get("rules"), given.get("directories")
    mode = text_in(given, "mode")
    if type_ == "addRules" and given.get("behavior") == "allow" and _are_rules(rules):
        pairs = [(rule["toolName"], text_in(rule, "ruleContent")) for rule in rules or ()]
        named = ", ".join(_rule(tool, content) for tool, content in pairs)
        contents = tuple(content or tool for tool, content in pairs)
        return GrantKind.RULE, contents, f"don't ask again for: {named}"
    if type_ == "addDirectories" and _are_texts(directories):
        contents = tuple(directories or ())
        return GrantKind.DIRECTORY, contents, f"always allow access to {', '.join(contents)}"
    if type_ == "setMode" and mode:
        return GrantKind.MODE, (mode,), _MODES.get(mode, f"switch to mode “{mode}”")
    return GrantKind.OTHER, (), canonical_json(given)


def _rule(tool: str, content: str) -> str:
    if tool == "Bash" and content:
        return content
    return f"{tool}({content})" if content else tool


def _are_rules(rules: object) -> bool:
    return (
        isinstance(rules, list)
        and bool(rules)
        and all(isinstance(rule, dict) and isinstance(rule.get("toolName"), str) for rule in rules)
    )


def _are_texts(texts: object) -> bool:
    return isinstance(texts, list) and bool(texts) and all(isinstance(t, str) for t in texts)
