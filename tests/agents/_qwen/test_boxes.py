from __future__ import annotations

import pytest

from bot.agents._qwen.boxes import (
    activity_in,
    boxed,
    composer_edges,
    is_proposed,
    signs_in,
    vitals,
)
from bot.core.prompts import Kind, Role
from bot.core.screen import PaneFacts, Screen
from bot.core.vitals import Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("qwen")}
RULE = "─" * 60
FOOT = ("  ➜ ferry · scripted", "  ⏸ Ask permissions (shift + tab to cycle)")


def shown(*above: str) -> Vitals:
    rows = (*above, RULE, ">   Type your message or @path/to/file", RULE, *FOOT)
    return vitals(Screen(rows, PaneFacts(command="node")))


def test_the_rows_below_its_input_box_tell_model_and_mode() -> None:
    assert shown() == Vitals(model="scripted")
    assert vitals(BY_NAME["planmode_100"].screen).mode == "plan"


def test_only_an_error_of_the_last_turn_counts() -> None:
    error = "  ✕ [API Error: 401 Incorrect API key] (Press Ctrl+Y to retry)"
    assert shown("  > go", error).halted == "401 Incorrect API key"
    assert shown("  > go", error, "  > go on", "  ◆︎ Done.").halted == ""
    assert shown("  > go", f"  {error}").halted == ""


def test_what_wants_a_login_says_what_to_do() -> None:
    screen = BY_NAME["login_100"].screen
    assert signs_in(screen.trimmed())
    assert "OPENAI_API_KEY" in vitals(screen).halted
    assert not signs_in(("  ◆︎ Connect a Provider", "", RULE, ">  ", RULE))


@pytest.mark.parametrize("name", ["trust_100", "trust_62"])
def test_trust_is_denied_by_its_row_or_by_escape(name: str) -> None:
    prompt = boxed(BY_NAME[name].screen.trimmed())
    assert prompt is not None
    assert (prompt.kind, prompt.subject, prompt.cancel_denies) == (Kind.TRUST, "ferry", True)
    assert prompt.with_role(Role.ACCEPT) is prompt.choices[0]
    first, end = prompt.span
    for choice in prompt.choices:
        row = BY_NAME[name].screen.rows[choice.rows[0]]
        assert choice.label in row
        assert first < choice.rows[0] < end


def test_a_box_without_its_upper_edge_cannot_be_allowed() -> None:
    rows = BY_NAME["trust_100"].screen.trimmed()
    top = next(at for at, row in enumerate(rows) if "╭" in row)
    prompt = boxed(rows[top + 1 :])
    assert prompt is not None
    assert not prompt.complete


def test_other_boxes_are_menus() -> None:
    prompt = boxed(BY_NAME["menu_model_100"].screen.trimmed())
    assert prompt is not None
    assert (prompt.kind, prompt.choices) == (Kind.MENU, ())
    assert boxed(("  ◆︎ Look:", "    ╰────────╯")) is None


def test_rules_that_an_agent_says_are_no_input_box() -> None:
    assert composer_edges((f"  {RULE}", "  > go", f"  {RULE}")) is None
    assert composer_edges((RULE, "> go", RULE, "more text")) is None
    assert composer_edges((RULE, "> go", RULE, *FOOT)) == (0, 2)


def test_an_idea_of_what_to_say_is_told_by_its_colour() -> None:
    hint = "\x1b[38;2;108;112;134m"
    box = "\x1b[38;2;203;166;247m> \x1b[39m\x1b[48;2;212;212;212mr\x1b[49m"
    assert is_proposed([box.replace("\x1b[49m", f"{hint}\x1b[49m") + "un the tests"])
    assert is_proposed([f"{box}\x1b[2mun the tests", f"\x1b[39m  {hint}of all"])
    assert not is_proposed([f"{box}un the tests"])
    assert not is_proposed([f"{box}{hint}un\x1b[39m the tests"])
    assert not is_proposed([box])


def test_what_it_is_doing_may_go_on_below_in_a_narrow_pane() -> None:
    assert activity_in(("  ⠼ Enhancing...", "  (0s · esc to cancel)", "")).endswith("cancel)")
    assert activity_in(("    ⠼ Enhancing... (0s · esc to cancel)",)) == ""
