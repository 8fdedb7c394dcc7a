"""Claude Code's account of itself and its transcript: whose they are, and which call waits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.agents._claude.keeping import account, place, rewrites, waiting
from bot.core.keeping import Place, Process

HOME = {"HOME": "/home/dev"}
AGENT = Process(4711, "77", ("claude",), HOME)
OWN = {
    "pid": 4711,
    "sessionId": "c0ffee-1",
    "cwd": "/home/dev/my_shop",
    "procStart": "77",
    "kind": "interactive",
}
SETTINGS = (
    "/home/dev/.claude/settings.json",
    "/home/dev/my_shop/.claude/settings.json",
    "/home/dev/my_shop/.claude/settings.local.json",
    "/etc/claude-code/managed-settings.json",
)


def text(**more: object) -> str:
    return json.dumps({**OWN, **more})


def test_where_it_keeps_its_account() -> None:
    assert account(AGENT) == "/home/dev/.claude/sessions/4711.json"
    moved = Process(1, environment={**HOME, "CLAUDE_CONFIG_DIR": "/srv/claude"})
    assert account(moved) == "/srv/claude/sessions/1.json"
    assert account(Process(1)) == ""


def test_the_transcript_is_that_of_the_conversation_it_is_in() -> None:
    own = "/home/dev/.claude/projects/-home-dev-my-shop/c0ffee-1.jsonl"
    helpers = "/home/dev/.claude/projects/-home-dev-my-shop/c0ffee-1/subagents"
    assert place(AGENT, text(), "") == Place(own, SETTINGS, helpers)
    assert place(AGENT, text(), "/old/before.jsonl") == Place(own, SETTINGS, helpers)
    # a worktree's lies elsewhere, and a hook has told where
    elsewhere = Place("/x/c0ffee-1.jsonl", SETTINGS, "/x/c0ffee-1/subagents")
    assert place(AGENT, text(), "/x/c0ffee-1.jsonl") == elsewhere


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[",
        "[]",
        "{}",
        text(pid=1),
        text(procStart="76"),
        text(sessionId="../../etc"),
        text(sessionId=7),
        text(kind="print"),
    ],
)
def test_what_is_not_of_that_process_says_nothing(given: str) -> None:
    assert place(AGENT, given, "") is None


def test_an_account_that_does_not_say_since_when_is_taken() -> None:
    assert place(AGENT, json.dumps({**OWN, "procStart": None}), "") is not None


HOOKS = json.dumps({"hooks": {"PreToolUse": [{"hooks": []}]}})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--model", "opus"), True),
        (("--settings", json.dumps({"hooks": {"Stop": []}})), True),
        (("--settings", HOOKS), False),
        ((f"--settings={HOOKS}",), False),
        (("--settings", "/srv/settings.json"), False),
        (("--plugin-dir", "/srv/plugin"), False),
    ],
)
def test_a_start_that_may_bring_more_hooks_leaves_the_record_without_a_say(
    arguments: tuple[str, ...], told: bool
) -> None:
    process = Process(4711, "77", ("claude", *arguments), HOME)
    assert (place(process, text(), "") is not None) is told


def test_which_settings_may_change_a_call() -> None:
    assert rewrites(HOOKS)
    assert rewrites('{"enabledPlugins": {"guard@market": true}}')
    assert rewrites(HOOKS[:-5])  # cut: nobody knows
    assert not rewrites('{"enabledPlugins": {"guard@market": false}, "model": "opus"}')
    assert not rewrites('{"hooks": {"PostToolUse": [{}], "PreToolUse": []}}')
    assert not rewrites("")
    assert not rewrites("{}\n")


# The transcript


def assistant(message: str, *blocks: Any, **more: object) -> str:
    said = {"id": message, "role": "assistant", "content": list(blocks)}
    return json.dumps({"type": "assistant", "isSidechain": False, "message": said, **more})


def use(id_: str, command: str = "make") -> dict[str, Any]:
    return {"type": "tool_use", "id": id_, "name": "Bash", "input": {"command": command}}


def user(*blocks: Any, **more: object) -> str:
    said = {"role": "user", "content": list(blocks)}
    return json.dumps({"type": "user", "message": said, **more})


def result(id_: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": id_, "content": "ok"}


def ids(*lines: str) -> list[str]:
    return [asked.call for asked in waiting("\n".join(lines))]


def test_a_call_waits_until_its_result_is_there() -> None:
    begun = assistant("m1", {"type": "text", "text": "I'll build it."})
    called = assistant("m1", use("t1", "make all"))
    (asked,) = waiting(f"{begun}\n{called}\n" + json.dumps({"type": "mode", "mode": "normal"}))
    assert (asked.call, asked.tool, asked.subject) == ("t1", "Bash", "make all")
    assert ids(begun, called, user(result("t1"))) == []


def test_several_calls_of_one_message_wait_together() -> None:
    lines = [assistant("m1", use("t1")), assistant("m1", use("t2"))]
    assert ids(*lines) == ["t1", "t2"]
    assert ids(*lines, user(result("t1"))) == ["t2"]


def test_a_call_that_was_broken_off_does_not_wait() -> None:
    old = assistant("m1", use("t1"))
    assert ids(old, assistant("m2", {"type": "text", "text": "Hello."})) == []
    assert ids(old, user({"type": "text", "text": "never mind"})) == []
    typed = {"type": "user", "message": {"role": "user", "content": "go on"}}
    assert ids(old, json.dumps(typed)) == []
    assert ids(old, user({"type": "text", "text": "a note"}, isMeta=True)) == ["t1"]


def test_a_helper_of_its_own_keeps_its_record_in_the_same_way() -> None:
    lines = [user({"type": "text", "text": "look around"}), assistant("m1", use("t1"))]
    assert ids(*(line[:-1] + ', "isSidechain": true}' for line in lines)) == ["t1"]


@pytest.mark.parametrize("rubbish", ["", "[", "7", "null", '{"type": "assistant"}', "\0"])
def test_lines_that_are_half_there_are_left_out(rubbish: str) -> None:
    called = assistant("m1", use("t1"))
    assert ids(rubbish, called, rubbish) == ["t1"]
    assert ids(called, assistant("m2", use("t2"))[:-9]) == ["t1"]
    assert ids(called[9:]) == []


def test_odd_blocks_are_no_calls() -> None:
    odd = [7, {"type": "tool_use"}, {**use("t1"), "input": "ls"}, {**use("t2"), "name": None}]
    assert ids(assistant("m1", *odd)) == []
    whole = {"type": "assistant", "message": {"id": "m1", "content": "text"}}
    assert ids(json.dumps(whole)) == []
