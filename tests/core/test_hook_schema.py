"""What Claude Code's hooks say, and what is said back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hook_schema import DENIED, answer, read
from bot.core.hooks import (
    Allow,
    Answers,
    Asked,
    Began,
    Deny,
    GrantKind,
    HookEvent,
    Notification,
    Notified,
    PromptSubmitted,
    SessionBegan,
    SessionFinished,
    SubagentEnded,
    ToolEnded,
    TurnEnded,
)
from bot.core.prompts import Kind
from tests.support.hook_events import (
    ACCEPT_EDITS,
    ALWAYS_MAKE,
    DATABASES,
    asked,
    asked_command,
    asked_question,
    event,
    permission,
)

Json = dict[str, Any]


def decision(given: Asked, reply: Any) -> Json:
    document = answer(given, reply)
    assert document is not None
    output = document["hookSpecificOutput"]
    assert output["hookEventName"] == "PermissionRequest"
    found: Json = output["decision"]
    return found


def test_a_command_is_there_to_the_letter() -> None:
    command = "rm -rf  'a b' #x\n\techo \x1b[2J"
    found = asked("Bash", {"command": command, "description": "Clean", "timeout": 5})
    assert (found.kind, found.tool, found.subject) == (Kind.APPROVAL, "Bash", command)
    assert found.body == ("Clean", "timeout: 5")
    assert json.loads(found.arguments)["command"] == command


@pytest.mark.parametrize(
    ("tool", "arguments", "subject", "body"),
    [
        ("Write", {"file_path": "/a", "content": "x\ny"}, "/a", ("+x", "+y")),
        (
            "Edit",
            {"file_path": "/a", "old_string": "x", "new_string": "y", "replace_all": True},
            "/a",
            ("-x", "+y", "replace_all: true"),
        ),
        (
            "MultiEdit",
            {"file_path": "/a", "edits": [{"old_string": "x", "new_string": "y"}]},
            "/a",
            ("@@", "-x", "+y"),
        ),
        ("Read", {"file_path": "/a", "limit": 3}, "/a", ("limit: 3",)),
        ("WebFetch", {"url": "http://x", "prompt": "Sum up"}, "http://x", ("Sum up",)),
        ("WebSearch", {"query": "x"}, "x", ()),
        ("mcp__tiny__send", {"to": "ä"}, '{\n  "to": "ä"\n}', ()),
        ("Bash", {"cmd": "x"}, '{\n  "cmd": "x"\n}', ()),
    ],
)
def test_every_argument_is_shown(
    tool: str, arguments: Json, subject: str, body: tuple[str, ...]
) -> None:
    found = asked(tool, arguments)
    assert (found.subject, found.body) == (subject, body)


def test_lines_left_out_of_a_diff_are_marked() -> None:
    lines = [f"line {number}" for number in range(30)]
    changed = ["first", *lines[1:-1], "last"]
    found = asked(
        "Edit",
        {"file_path": "/a", "old_string": "\n".join(lines), "new_string": "\n".join(changed)},
    )
    assert [line for line in found.body if line[0] in "+-…"] == [
        "-line 0",
        "+first",
        "…",
        "-line 29",
        "+last",
    ]


def test_questions_and_plans() -> None:
    question = asked_question(DATABASES)
    assert (question.kind, question.subject) == (Kind.QUESTION, DATABASES["question"])
    assert [option.label for option in question.questions[0].options] == ["PostgreSQL", "SQLite"]
    plan = asked("ExitPlanMode", {"plan": "\n# Cache\n1. do it"})
    assert (plan.kind, plan.subject, plan.plan) == (Kind.PLAN, "# Cache", "\n# Cache\n1. do it")


def test_what_may_be_granted_is_put_in_words() -> None:
    rule, mode = asked_command("make", ALWAYS_MAKE, ACCEPT_EDITS).suggestions
    assert (rule.kind, rule.contents, rule.words) == (
        GrantKind.RULE,
        ("make *",),
        "don't ask again for: make *",
    )
    assert rule.where == "in this project, for you (.claude/settings.local.json)"
    assert (mode.kind, mode.where) == (GrantKind.MODE, "for this session")
    assert "accept all edits" in mode.words


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "addRules", "behavior": "deny", "rules": [{"toolName": "Bash"}]},
        {"type": "addRules", "behavior": "allow", "rules": []},
        {"type": "addDirectories", "directories": "/"},
        {"type": "removeRules"},
    ],
)
def test_a_suggestion_that_is_no_grant_grants_nothing(odd: Json) -> None:
    (found,) = asked_command("make", odd).suggestions
    assert (found.kind, found.contents) == (GrantKind.OTHER, ())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            event("PostToolUse", tool_name="Bash", tool_input={"command": "make"}),
            ToolEnded("Bash", '{"command":"make"}'),
        ),
        (
            event("PostToolUseFailure", tool_name="Bash", tool_input={}, error="exit 1"),
            ToolEnded("Bash", "{}", failed=True, output="exit 1"),
        ),
        (
            event("PostToolUse", tool_name="Bash", tool_input={}, tool_response={"stdout": "a"}),
            ToolEnded("Bash", "{}", output="a\n"),
        ),
        (
            event("PostToolUse", tool_name="x", tool_input={}, tool_response="y" * 9999),
            ToolEnded("x", "{}", output="y" * 4000),
        ),
        (
            event("PostToolUse", tool_name="x", tool_input={}, tool_response=[{"stdout": 1}]),
            ToolEnded("x", "{}"),
        ),
        (
            event("Notification", notification_type="permission_prompt", message="needs you"),
            Notification(Notified.PERMISSION, "needs you"),
        ),
        (event("UserPromptSubmit", prompt="go on"), PromptSubmitted("go on")),
        (
            event("UserPromptSubmit", prompt="<task-notification>…"),
            PromptSubmitted("<task-notification>…", by_person=False),
        ),
        (event("Stop", last_assistant_message="Done."), TurnEnded("Done.")),
        (event("StopFailure", error="rate_limit"), TurnEnded("", "rate limit")),
        (
            event("StopFailure", error="unknown", last_assistant_message="API Error: 400 odd"),
            TurnEnded("", "API Error: 400 odd"),
        ),
        (event("SubagentStop", agent_type="Explore"), SubagentEnded("Explore")),
        (event("SessionStart", source="clear", model="m"), SessionBegan(Began.CLEAR, "m")),
        (event("SessionStart", source="moon"), SessionBegan(Began.OTHER)),
        (event("SessionEnd", reason="clear"), SessionFinished("clear")),
    ],
)
def test_every_other_event(given: Json, expected: HookEvent) -> None:
    told = read(given)
    assert told is not None
    assert told.event == expected
    assert (told.conversation, told.transcript) == ("c0ffee", given["transcript_path"])


def test_a_helper_of_the_agent_is_named() -> None:
    told = read(permission("Bash", {"command": "x"}, agent_id="a1", agent_type="Explore"))
    assert told is not None
    assert told.subagent == "Explore"
    assert isinstance(told.event, Asked)
    assert told.event.subagent == "Explore"


@pytest.mark.parametrize(
    "given", [{}, event("PreToolUse"), event("PermissionRequest"), {"hook_event_name": 3}]
)
def test_what_says_nothing_is_nothing(given: Json) -> None:
    assert read(given) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["tool_name", "tool_input", "permission_suggestions", "prompt", "source", "agent_id"]
)


@given(
    st.sampled_from(["PermissionRequest", "PostToolUse", "Stop", "SessionStart"]),
    st.sampled_from(["Bash", "Edit", "MultiEdit", "Write", "AskUserQuestion", "ExitPlanMode"]),
    st.dictionaries(_FIELDS, _JSON),
    st.dictionaries(
        st.sampled_from(["command", "edits", "questions", "plan", "content", "old_string"]), _JSON
    ),
)
def test_nothing_that_comes_in_is_an_error(
    name: str, tool: str, fields: Json, arguments: Json
) -> None:
    read({"hook_event_name": name, "tool_name": tool, "tool_input": arguments, **fields})
    read({"hook_event_name": name, **fields, "tool_name": tool, "tool_input": arguments})


def test_yes_and_no() -> None:
    make = asked_command("make", ALWAYS_MAKE)
    assert decision(make, Allow()) == {"behavior": "allow"}
    assert decision(make, Allow(make.suggestions)) == {
        "behavior": "allow",
        "updatedPermissions": [ALWAYS_MAKE],
    }
    assert decision(make, Deny("not now")) == {"behavior": "deny", "message": "not now"}
    assert decision(make, Deny(stop=True)) == {
        "behavior": "deny",
        "message": DENIED,
        "interrupt": True,
    }


def test_a_plan_is_approved_with_its_own_input() -> None:
    """A bare yes is ignored by the agent."""
    plan = asked("ExitPlanMode", {"plan": "# Cache"})
    assert decision(plan, Allow()) == {"behavior": "allow", "updatedInput": {"plan": "# Cache"}}


def test_a_question_is_answered_with_its_answers_only() -> None:
    question = asked_question(DATABASES)
    reply = Answers(((DATABASES["question"], "SQLite"),))
    assert decision(question, reply) == {
        "behavior": "allow",
        "updatedInput": {
            "questions": [DATABASES],
            "answers": {DATABASES["question"]: "SQLite"},
        },
    }
    assert answer(question, Allow()) is None
    assert answer(asked_command("make"), reply) is None
