"""Whether a dialog and a hook are of one another, and what a person is shown of both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.hook_prompts import fits, grants_of, merged, prompt_of
from bot.core.hooks import Asked
from bot.core.prompts import Choice, Kind, Prompt, Role
from tests.support.hook_events import (
    ACCEPT_EDITS,
    ALWAYS_MAKE,
    DATABASES,
    asked,
    asked_command,
    asked_question,
)
from tests.support.playbook import prompt

FIXED = {"file_path": "/home/dev/shop/src/app.py", "old_string": "helo", "new_string": "hello"}
EDIT = asked("Edit", FIXED)


def roles(made: Prompt) -> list[tuple[str, str]]:
    return [(choice.role.value, choice.label) for choice in made.choices]


def test_from_the_hook_alone_each_grant_is_a_row_in_words() -> None:
    made = prompt_of(asked_command("make all", ALWAYS_MAKE, ACCEPT_EDITS), "claude")
    assert (made.subject, made.complete, made.cancel_denies) == ("make all", True, True)
    assert roles(made) == [
        ("allow_once", "Yes"),
        ("allow_always", "Yes, and don't ask again for: make *"),
        ("allow_and_change_mode", "Yes, and accept all edits without asking"),
        ("deny", "No"),
    ]
    assert made.choices[1].detail.startswith("in this project, for you")


def test_a_question_alone_has_its_answers_and_own_words() -> None:
    single = prompt_of(asked_question(DATABASES), "claude")
    assert [role for role, _ in roles(single)] == ["answer", "answer", "other"]
    several = prompt_of(asked_question({**DATABASES, "multiSelect": True}), "claude")
    assert [role for role, _ in roles(several)] == ["answer", "answer", "other", "submit"]
    assert several.multiple
    two = prompt_of(asked_question(DATABASES, {**DATABASES, "question": "And?"}), "claude")
    assert [role for role, _ in roles(two)] == ["other"]
    assert "• SQLite" in two.body


def test_a_plan_alone() -> None:
    made = prompt_of(asked("ExitPlanMode", {"plan": "# Cache\n1. do it"}), "claude")
    assert [role for role, _ in roles(made)] == ["allow_once", "feedback"]
    assert made.body == ("# Cache", "1. do it")


@pytest.mark.parametrize(
    ("shown", "given", "same"),
    [
        (prompt("make all"), asked_command("make all"), True),
        (prompt("make all"), asked_command("make  \n all"), True),  # as a dialog wraps it
        (prompt("make all"), asked_command("make all; rm -rf /"), False),
        (prompt("make all", complete=False), asked_command("rm -rf /; make all"), True),
        (prompt("make all", complete=False), asked_command("rm -rf /"), False),
        (prompt("", complete=False), asked_command("rm -rf /"), False),
        (prompt("echo \ufffd[2J"), asked_command("echo \x1b[2J"), True),
        (prompt("make all", tool="WebFetch"), asked_command("make all"), False),
        (prompt("make all", kind=Kind.TRUST), asked_command("make all"), False),
        (prompt("?", kind=Kind.UNREADABLE), asked_command("make all"), True),
        (prompt("src/app.py", tool="Edit", body=("1 - helo", "1 + hello")), EDIT, True),
        (prompt("../shop/src/app.py", tool="Edit", body=("- helo", "+ hello")), EDIT, True),
        (prompt("app.py", tool="Edit", complete=False), EDIT, True),
        (prompt("src/app.py", tool="Edit", body=("1 - helo", "1 + help")), EDIT, False),
        (prompt("p.py", tool="Edit", body=("- helo", "+ hello")), EDIT, False),
        (prompt("src/app.py", tool="Write", body=("helo", "hello")), EDIT, False),
        (prompt("http://x/y", tool="WebFetch"), asked("WebFetch", {"url": "http://x/y"}), True),
        (prompt("/etc", tool="Read"), asked("Grep", {"path": "/etc", "pattern": "x"}), True),
        (prompt("/etc/x", tool="Read"), asked("Read", {"file_path": "/etc/y"}), False),
    ],
)
def test_what_a_dialog_shows_is_part_of_what_is_asked(
    shown: Prompt, given: Asked, same: bool
) -> None:
    assert fits(shown, given) is same


def test_calls_of_servers_are_compared_by_server_and_texts() -> None:
    shown = prompt('tiny — Send Message Tool: (MCP)\nto: "ada"', tool="mcp__tiny__send_message")
    assert fits(shown, asked("mcp__tiny__send-message", {"to": "ada"}))
    assert not fits(shown, asked("mcp__tiny__send-message", {"to": "bob"}))
    assert not fits(shown, asked("mcp__other__send", {"to": "ada"}))
    assert not fits(shown, asked_command("ada"))


def test_questions_and_plans_are_compared_by_their_words() -> None:
    shown = prompt(str(DATABASES["question"]), kind=Kind.QUESTION, tool="AskUserQuestion")
    assert fits(shown, asked_question({**DATABASES, "question": "First?"}, DATABASES))
    assert not fits(shown, asked_question({**DATABASES, "question": "Which one?"}))
    plan = prompt("Use the `cache`", kind=Kind.PLAN, tool="ExitPlanMode")
    assert fits(plan, asked("ExitPlanMode", {"plan": "# Use the **cache**\n…"}))
    assert not fits(plan, asked("ExitPlanMode", {"plan": "# Drop the cache"}))


def test_the_exact_command_takes_the_place_of_its_rendition() -> None:
    body = ("Bash command", "", "  make all  \\", "  && rm  x", "Clean up", "It needs approval")
    exact = "make all \\\n   && rm  x"
    whole = merged(prompt("make all \\ && rm x", body=body), asked_command(exact))
    assert whole.subject == exact
    assert whole.body == (
        "Bash command", "", "make all \\", "   && rm  x", "Clean up", "It needs approval",
    )  # fmt: skip


def test_a_dialog_that_is_cut_off_is_shown_whole() -> None:
    clipped = prompt("echo 9", complete=False, body=("  echo 9",))
    whole = merged(clipped, asked("Bash", {"command": "rm -rf src\necho 9", "description": "d"}))
    assert (whole.complete, whole.subject, whole.body) == (True, "rm -rf src\necho 9", ("d",))
    assert whole.choices == clipped.choices


def test_a_diff_stays_as_the_dialog_draws_it_unless_it_hides_something() -> None:
    shown = prompt("src/app.py", tool="Edit", body=("1 -helo", "1 +hello"))
    assert merged(shown, EDIT).body == shown.body
    assert merged(shown, EDIT).subject == "/home/dev/shop/src/app.py"
    hidden = asked("Edit", {**FIXED, "new_string": "hel\u202elo"})
    assert merged(shown, hidden).body == ("-helo", "+hel\u202elo")


def test_questions_and_plans_that_are_cut_off_are_whole_from_the_hook() -> None:
    shown = prompt(str(DATABASES["question"]), kind=Kind.QUESTION, complete=False)
    assert [c.label for c in merged(shown, asked_question(DATABASES)).choices][:2] == [
        "PostgreSQL",
        "SQLite",
    ]
    assert (
        merged(replace(shown, complete=True), asked_question(DATABASES)).choices == shown.choices
    )
    plan = prompt("2. b", kind=Kind.PLAN, complete=False, body=("2. b",))
    assert merged(plan, asked("ExitPlanMode", {"plan": "1. a\n2. b"})).body == ("1. a", "2. b")


def test_what_cannot_be_read_is_what_the_hook_says() -> None:
    unreadable = prompt("?", kind=Kind.UNREADABLE)
    assert merged(unreadable, asked_command("make")) == prompt_of(asked_command("make"), "claude")


def row(label: str, role: Role = Role.ALLOW_ALWAYS) -> Choice:
    return Choice(2, label, role)


def test_a_row_grants_what_its_label_says() -> None:
    both = asked_command("make", ALWAYS_MAKE, ACCEPT_EDITS)
    rule, mode = both.suggestions
    always = row("Yes, and don\u2019t ask again for: make *")
    assert grants_of(always, both) == (rule,)
    accepts = "Yes, and switch to accept edits (auto-approve) for this session (shift+tab)"
    assert grants_of(row(accepts, Role.ALLOW_AND_CHANGE_MODE), both) == (mode,)


@pytest.mark.parametrize(
    "choice",
    [
        row("Yes, and don't ask again for: rm *"),
        row("Yes", Role.ALLOW_ONCE),
        row("Yes, and switch to auto mode", Role.ALLOW_AND_CHANGE_MODE),
        row(
            "Yes, and switch to accept edits for this session; Yes, and always allow access to /x",
            Role.ALLOW_AND_CHANGE_MODE,
        ),
    ],
)
def test_a_row_that_no_suggestion_matches_grants_nothing(choice: Choice) -> None:
    assert grants_of(choice, asked_command("make", ALWAYS_MAKE, ACCEPT_EDITS)) == ()


def test_one_row_may_stand_for_several_suggestions_if_it_names_them_all() -> None:
    access = {"type": "addDirectories", "directories": ["/srv"], "destination": "session"}
    given = asked_command("make", ALWAYS_MAKE, access)
    assert len(grants_of(row("Yes, and don't ask again for make * commands in /srv"), given)) == 2
    assert grants_of(row("Yes, and don't ask again for make * commands"), given) == ()
