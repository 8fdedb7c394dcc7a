from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.demo import claude_dialogs
from bot.demo.claude_dialogs import NEW, OLD
from bot.demo.dialogs import ListDialog
from bot.demo.layout import row_text, width_of
from bot.demo.script import Step

BUILDERS: dict[str, Callable[[Step, str], ListDialog]] = {
    "bash": claude_dialogs.bash,
    "edit": claude_dialogs.edit,
    "write": claude_dialogs.write,
    "fetch": claude_dialogs.fetch,
    "plan": claude_dialogs.plan,
    "trust": claude_dialogs.trust,
}


def rows(kind: str, version: str, width: int = 80, height: int = 60, **fields: Any) -> list[str]:
    dialog = BUILDERS[kind](Step(kind, "d", fields), version)
    return [row_text(line) for line in dialog.draw(width, height)]


@pytest.mark.parametrize("width", [45, 80, 120, 200])
@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize("kind", BUILDERS)
def test_no_row_is_wider_than_the_pane(kind: str, version: str, width: int) -> None:
    long = "word " * 60
    fields: dict[str, Any] = {
        kind: long,
        "about": long,
        "why": long,
        "always": long,
        "prompt": long,
    }
    assert max(map(width_of, rows(kind, version, width, 60, **fields))) <= width


@pytest.mark.parametrize(
    ("version", "labels"),
    [(NEW, ["1. Yes", "3. Yes, and switch to auto mode", "4. No"]), (OLD, ["1. Yes", "3. No"])],
)
def test_bash_has_the_rows_of_its_version(version: str, labels: list[str]) -> None:
    text = "\n".join(rows("bash", version, bash="make", always="make *", why="Why"))
    assert all(label in text for label in labels)
    assert ("Tip: auto mode" in text) == (version == NEW)
    assert ("ctrl+e to explain" in text) == (version == OLD)


def test_lines_of_a_command_are_marked_so_that_they_cannot_pass_for_the_dialog() -> None:
    shown = rows("bash", NEW, bash="echo\n 1. Yes")
    assert " │  1. Yes" in shown


def test_trust_is_numbered_in_the_old_version_only() -> None:
    assert any("No, exit" in line and "1." not in line for line in rows("trust", NEW, trust="/a"))
    assert any("2. No, exit" in line for line in rows("trust", OLD, trust="/a"))


def test_a_long_plan_loses_its_end_in_the_new_version_and_its_top_in_the_old() -> None:
    plan = "\n".join(f"step {n}" for n in range(60))
    new, old = rows("plan", NEW, height=24, plan=plan), rows("plan", OLD, height=24, plan=plan)
    assert len(new) == len(old) == 24
    assert "   step 0" in new
    assert any(line.endswith("↓") for line in new)
    assert " step 59" in old
    assert any("more lines" in line for line in old)
