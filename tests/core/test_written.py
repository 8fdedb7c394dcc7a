"""A dialog that is not all in sight, and the one call of its agent's record that it asks about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.agents import claude
from bot.core import hook_schema
from bot.core.hooks import Asked
from bot.core.prompts import Kind, Prompt
from bot.core.written import NOTHING_WRITTEN, completed, may_be_completed, written_of
from tests.support.screens import golden_screens

SCREENS = {golden.name: golden for golden in golden_screens("claude")}


def on(name: str) -> Prompt:
    prompt = claude.read_screen(SCREENS[name].screen).prompt
    assert prompt is not None
    assert not prompt.complete
    return prompt


def call(tool: str, id_: str = "t1", **arguments: Any) -> Asked:
    given = {"hook_event_name": "PermissionRequest", "tool_name": tool, "tool_input": arguments}
    told = hook_schema.read(given)
    assert told is not None
    assert isinstance(told.event, Asked)
    return replace(told.event, call=id_)


STEPS = "\n".join(["rm -rf src", *(f"echo step {n}" for n in range(1, 90))])
BASH = [
    "spoof_tall_command_120",
    "spoof_tall_command_80",
    "classic_spoof_tall_command_120",
    "v197_spoof_tall_command_45",
    "v197_spoof_tall_command_80",
    "v197_spoof_tall_command_200",
]


@pytest.mark.parametrize("name", BASH)
def test_a_command_of_which_the_end_is_seen(name: str) -> None:
    shown = on(name)
    whole = call("Bash", command=STEPS, description="Print the steps")
    assert written_of(shown, [whole]).asked == whole
    prompt, mark = completed(shown, whole)
    assert prompt.complete
    assert prompt.subject == STEPS
    assert prompt.choices == shown.choices
    assert completed(shown, replace(whole, call="t2"))[1] != mark
    other = call("Bash", command=STEPS.replace("rm -rf src", "rm -rf /"))
    assert completed(shown, other)[1] != mark


@pytest.mark.parametrize("name", BASH)
@pytest.mark.parametrize(
    "command",
    [
        STEPS + "\nrm -rf /",
        STEPS.replace("step 85", "step 58"),
        STEPS.replace("echo step 85\n", ""),
        "make",
    ],
)
def test_a_command_that_ends_otherwise_is_another_one(name: str, command: str) -> None:
    differs = call("Bash", command=command)
    found = written_of(on(name), [differs])
    assert (found.asked, found.other) == (None, differs)


def test_of_several_calls_the_only_one_that_fits() -> None:
    shown = on("spoof_tall_command_120")
    whole, other = call("Bash", command=STEPS), call("Bash", "t2", command="make")
    assert written_of(shown, [other, whole]).asked == whole
    twin = call("Bash", "t3", command=STEPS.replace("rm -rf", "rm -fr"))
    assert written_of(shown, [whole, twin]) == NOTHING_WRITTEN
    assert written_of(shown, [other, call("Write", "t4", file_path="a")]) == NOTHING_WRITTEN
    assert written_of(shown, []) == NOTHING_WRITTEN


def test_a_call_of_another_tool_is_no_contradiction() -> None:
    """A helper of the agent's may be what asks."""
    task = call("Task", prompt="look around")
    assert written_of(on("spoof_tall_command_120"), [task]) == NOTHING_WRITTEN


NEW = "\n".join(f"ROW_{n:02} = {n}0" for n in range(1, 46))
OLD = "ROW_01 = 1\nROW_02 = 2\nROW_03 = 3"


def edit(path: str = "/home/dev/shop/src/table.py", old: str = OLD, new: str = NEW) -> Asked:
    return call("Edit", file_path=path, old_string=old, new_string=new)


@pytest.mark.parametrize("name", ["edit_big_80", "edit_big_120"])
def test_an_edit_of_which_the_last_lines_are_seen(name: str) -> None:
    shown = on(name)
    asked = edit()
    assert written_of(shown, [asked]).asked == asked
    prompt, _ = completed(shown, asked)
    assert "-ROW_01 = 1" in prompt.body
    assert "+ROW_45 = 450" in prompt.body


@pytest.mark.parametrize(
    "other",
    [
        edit("/home/dev/shop/src/other.py"),
        edit(new=NEW.replace("ROW_44 = 440", "ROW_44 = 441")),
        edit(new=NEW.replace("ROW_44 = 440\n", "")),
        edit(new="\n".join(reversed(NEW.split("\n")))),
    ],
)
def test_an_edit_with_another_line_in_sight_is_another_one(other: Asked) -> None:
    found = written_of(on("edit_big_80"), [other])
    assert (found.asked, found.other) == (None, other)


def drawn(*rows: str, tool: str = "Write", subject: str = "tall.py") -> Prompt:
    body = (*rows, "Do you want to create tall.py?")
    question = "Do you want to create tall.py?"
    return Prompt(Kind.APPROVAL, "claude", tool, subject, question, (), body, complete=False)


def write(content: str) -> Asked:
    return call("Write", file_path="/srv/src/tall.py", content=content)


def test_a_new_file_whose_lines_wrap() -> None:
    """The wrapped part of a line stands under its text, whatever it begins with."""
    shown = drawn(
        "    the end of a line that began above",
        "  9 a = 'what is too long for the",
        "    10 columns of this pane'",
        " 10",
        " 11 - b",
        " 12 + c",
    )
    lines = ["x", "a = 'what is too long for the 10 columns of this pane'", "", "- b", "+ c", ""]
    assert written_of(shown, [write("\n".join(lines))]).asked
    for n in (1, 4):
        changed = [*lines[:n], lines[n] + "!", *lines[n + 1 :]]
        assert written_of(shown, [write("\n".join(changed))]).other


def test_lines_of_a_file_that_is_replaced_are_not_in_the_call() -> None:
    shown = drawn(" 1  # Project", " 2", " 3 -A sample.", " 3 +Rewritten.")
    assert written_of(shown, [write("# Project\n\nRewritten.\n")]).asked
    assert not written_of(shown, [write("# Project\n\nRewritten too.\n")]).asked


def test_where_no_line_is_seen_from_its_beginning_nothing_is_proved() -> None:
    assert not written_of(drawn("    only the end"), [write("only the end")]).asked
    assert not written_of(drawn(), [write("")]).asked


PLAN = """# Move the settings to a file

## Context

Settings are constants in `src/table.py`. They should come from a file.

## Steps

1. Add `src/settings.py`
2. Read **settings.toml**
3. Fall back to the constants
"""


def test_a_plan_that_scrolls() -> None:
    shown = on("plan_long_80")
    plan = call("ExitPlanMode", plan=PLAN)
    assert written_of(shown, [plan]).asked == plan
    prompt, _ = completed(shown, plan)
    assert prompt.complete
    assert "3. Fall back to the constants" in prompt.body


@pytest.mark.parametrize("old", ["Context", "Read", "They should"])
def test_a_plan_that_reads_otherwise_completes_nothing(old: str) -> None:
    plan = call("ExitPlanMode", plan=PLAN.replace(old, "Other"))
    assert written_of(on("plan_long_80"), [plan]) == NOTHING_WRITTEN


def test_a_plan_in_another_order_is_another_plan() -> None:
    first, rest = PLAN.split("## Context")
    context, steps = rest.split("## Steps")
    turned = f"{first}## Steps{steps}\n## Context{context}"
    plan = call("ExitPlanMode", plan=turned)
    assert written_of(on("plan_long_80"), [plan]) == NOTHING_WRITTEN


def test_only_what_can_be_compared_is_looked_up() -> None:
    shown = on("spoof_tall_command_120")
    assert may_be_completed(shown)
    assert not may_be_completed(replace(shown, complete=True))
    assert not may_be_completed(replace(shown, tool="mcp__files__write"))
    assert not may_be_completed(replace(shown, kind=Kind.QUESTION))
    assert written_of(replace(shown, complete=True), [call("Bash", command=STEPS)]) == (
        NOTHING_WRITTEN
    )
