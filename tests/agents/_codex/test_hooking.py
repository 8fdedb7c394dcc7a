"""Codex's hooks, with events in the shape that 0.169.0 gives them."""

from __future__ import annotations

from typing import Any

from bot.agents._codex.hooking import DENIED, SETUP, answer, read
from bot.agents.codex import AGENT
from bot.core.hook_prompts import fits, prompt_of
from bot.core.hooks import (
    Allow,
    Answers,
    Asked,
    Deny,
    GrantKind,
    Suggestion,
    ToolEnded,
    TurnEnded,
)
from bot.core.prompts import Kind, Role
from tests.support.screens import golden_screens

Json = dict[str, Any]

COMMON: Json = {
    "session_id": "01a1fdac-675a",
    "turn_id": "01a1fdac-6795",
    "transcript_path": "/home/dev/.codex/sessions/2026/11/21/rollout-01a1fdac-675a.jsonl",
    "cwd": "/home/dev/shop",
    "model": "gpt-5.5",
    "permission_mode": "default",
}
PATCH = (
    "*** Begin Patch\n*** Add File: new.txt\n+made\n"
    "*** Update File: a b.py\n@@\n-x\n+y\n*** End Patch"
)


def event(name: str, **fields: object) -> Json:
    return {**COMMON, "hook_event_name": name, **fields}


def asked(tool: str = "Bash", **arguments: object) -> Asked:
    given = arguments or {"command": "mkfifo one", "description": "May I?"}
    told = read(event("PermissionRequest", tool_name=tool, tool_input=given))
    assert told is not None
    assert told.conversation == "01a1fdac-675a"
    assert isinstance(told.event, Asked)
    return told.event


def decision(document: Json | None) -> Json:
    assert document is not None
    found: Json = document["hookSpecificOutput"]["decision"]
    return found


def test_a_command_is_asked_with_its_reason_and_the_tool_of_the_screen() -> None:
    found = asked()
    assert (found.kind, found.tool) == (Kind.APPROVAL, "exec_command")
    assert (found.subject, found.body) == ("mkfifo one", ("May I?",))


def test_the_run_that_follows_is_known_as_the_one_that_was_asked_for() -> None:
    ran = event(
        "PostToolUse", tool_name="Bash", tool_input={"command": "mkfifo one"}, tool_response=""
    )
    told = read(ran)
    assert told is not None
    assert isinstance(told.event, ToolEnded)
    assert (told.event.tool, told.event.arguments) == (asked().tool, asked().arguments)


def test_a_patch_is_shown_whole_under_the_files_it_changes() -> None:
    found = asked("apply_patch", command=PATCH, description="Needs to write")
    assert found.subject == "/home/dev/shop/new.txt\n/home/dev/shop/a b.py"
    assert found.body == ("Needs to write", *PATCH.split("\n"))
    assert asked("apply_patch", command="odd").subject == '{\n  "command": "odd"\n}'


def test_an_event_of_another_agent_with_the_same_schema_is_no_question() -> None:
    given = event("PermissionRequest", tool_name="Bash", tool_input={"command": "make"})
    del given["turn_id"]
    assert read(given) is None
    assert read({}) is None


def test_what_ends_a_turn_is_told() -> None:
    told = read(event("Stop", stop_hook_active=False, last_assistant_message="Done."))
    assert told is not None
    assert told.event == TurnEnded("Done.")


def test_yes_is_bare_and_no_never_says_interrupt() -> None:
    assert decision(answer(asked(), Allow())) == {"behavior": "allow"}
    assert decision(answer(asked(), Deny(stop=True))) == {"behavior": "deny", "message": DENIED}
    denied = decision(answer(asked(), Deny("use make", stop=True)))
    assert denied == {"behavior": "deny", "message": "use make"}


def test_a_tool_named_like_one_of_claude_codes_gets_no_input_back() -> None:
    odd = asked("ExitPlanMode", plan="do it")
    assert odd.kind is Kind.APPROVAL
    assert decision(answer(odd, Allow())) == {"behavior": "allow"}


def test_what_its_hooks_cannot_say_is_left_to_its_dialog() -> None:
    grant = Suggestion(GrantKind.RULE, ("make",), "make", "", "{}")
    assert answer(asked(), Allow((grant,))) is None
    assert answer(asked(), Answers((("a", "b"),))) is None


def test_only_yes_and_no_are_offered() -> None:
    prompt = prompt_of(asked(), "codex")
    assert [choice.role for choice in prompt.choices] == [Role.ALLOW_ONCE, Role.DENY]


def test_its_dialog_fits_the_hook_that_came_before() -> None:
    golden = next(g for g in golden_screens("codex") if g.name == "reason_100")
    seen = AGENT.read_screen(golden.screen).prompt
    assert seen is not None
    assert fits(seen, asked(command=seen.subject))
    assert not fits(seen, asked(command="rm -rf /"))


def test_the_prompt_opens_from_the_hook_and_a_person_has_to_trust_it() -> None:
    assert SETUP.before_dialog
    assert "/hooks" in SETUP.note
