"""The rig itself, and the facts of docs/explanation/claude-keys.md that the product leans on."""

from __future__ import annotations

from threading import Event

import pytest

from tests.real_agents.conftest import Rigged
from tests.real_agents.modellog import Verdict
from tests.real_agents.rig import until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(180)]

NEW = "2.1.329"
LAST_UP = "Up"  # from the first row of a permission dialog the marker goes to the last: "No"


def test_a_dialog_appears_and_one_runs_when_allowed(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    assert "mkfifo ran_it" in pane.play("fifo")
    assert pane.fact("pane_current_command") == "claude"
    assert rig.log.results() == []
    pane.keys("Enter")
    assert rig.result(pane).verdict is Verdict.RAN
    assert (rig.project / "ran_it").exists()


def test_escape_denies_and_stops_and_does_not_reach_the_composer(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.play("two_fifos")
    pane.keys("Escape")
    pane.sees("Interrupted · What should Claude do instead")
    pane.sees("^>\u00a0$")
    assert rig.result(pane).verdict is Verdict.DENIED
    assert {result.verdict for result in rig.log.results()} == {Verdict.DENIED}
    assert not list(rig.project.glob("ran_*"))


def test_a_reason_for_no_reaches_the_model_and_the_turn_goes_on(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start(width=80)
    pane.play("fifo")
    pane.keys(LAST_UP)
    pane.sees(r"> \d\. No$")
    pane.keys("Tab")
    pane.sees(r"> \d\. No, and tell Claude what to do differently")
    reason = "please use the other folder, 2 times, and nothing below /srv; " * 4 + "$(id) end"
    pane.burst(reason)
    pane.sees(r"\$\(id\) end")
    pane.keys("Enter")
    result = rig.result(pane)
    assert (result.verdict, result.reason) == (Verdict.TOLD, reason)
    pane.sees("● Done")
    assert not (rig.project / "ran_it").exists()


def test_a_case_can_be_played_again_after_it_was_denied(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.play("fifo")
    pane.keys("Escape")
    pane.play("fifo")
    pane.keys("Enter")
    pane.sees("● Done")
    assert [result.verdict for result in rig.log.results()] == [Verdict.DENIED, Verdict.RAN]


def test_what_is_typed_on_the_always_row_changes_the_rule(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.play("fifo")
    pane.keys("Down", "j", "1")
    pane.sees(r"> 2\. Yes, and don.t ask again for: mkfifo ran_it \*j1")
    pane.keys("Escape")
    assert rig.result(pane).verdict is Verdict.DENIED


def test_a_question_is_answered_in_own_words(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.play("ask_single")
    pane.keys("Down", "Down", "Down")
    pane.sees(r"> 4\. Type something\.")
    pane.burst("MariaDB 11")
    pane.sees(r"> 4\. MariaDB 11")
    pane.keys("Enter")
    assert '"MariaDB 11"' in rig.result(pane).text


def test_rows_of_a_multiple_choice_are_toggled_by_enter(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.play("ask_multi")
    pane.keys("Enter", "Down", "Enter")
    pane.sees(r"1\. \[✔\] Lint(.|\n)*2\. \[✔\] Types")
    pane.keys("Down", "Down", "Down", "Down")
    pane.sees(">    Submit")
    pane.keys("Enter")
    pane.sees("Review your answers")
    pane.keys("Enter")
    assert '"Lint, Types"' in rig.result(pane).text


def test_a_plan_is_sent_back_with_words(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start(mode="plan")
    pane.play("plan")
    pane.keys("Down", "Down")
    pane.burst("use redis instead")
    pane.sees(r"> 3\. use redis instead")
    pane.keys("Enter")
    result = rig.result(pane, number=1)
    assert result.tool == "ExitPlanMode"
    assert (result.verdict, result.reason) == (Verdict.TOLD, "use redis instead")


def test_an_untrusted_folder_asks_first(claude_rig: Rigged, version: str) -> None:
    rig = claude_rig(trusted=False)
    pane = rig.start()
    text = pane.sees("Enter to confirm · Esc to cancel")
    assert ("> No, exit" in text) == (version == NEW)
    # Its very first moments take no key at all.
    Event().wait(1)
    pane.keys("Escape")
    until(lambda: pane.fact("pane_dead") == "1", pane.text, 20)


def test_a_message_is_pasted_seen_and_sent(claude_rig: Rigged) -> None:
    rig = claude_rig()
    pane = rig.start()
    pane.say("case:text_long go")
    pane.sees("Nothing else needs doing")
    pane.sees("^>\u00a0$")
    text = "\n".join(f"row {number} of 12" for number in range(12))
    pane.paste(text)
    pane.sees(r"^>\u00a0\[Pasted text #1 \+11 lines\]")
    pane.keys("Enter")
    pane.sees("row 11 of 12")
    pane.sees("What would you like to do")
    assert any(text in said for said in rig.log.said())
