"""The scripted agent on a real tmux: what each key does, proved by its log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.conftest import Play

pytestmark = pytest.mark.tmux

BASH = {
    "bash": "npm test",
    "id": "b",
    "about": "Run the tests",
    "why": "This command requires approval",
    "always": "npm test *",
}
EDIT = {"edit": "src/app.py", "id": "e", "diff": ["1  a", "2 -b", "2 +c"]}
PLAN = {"plan": "Plan\n\n1. Do it", "id": "p"}
TRUST = {"trust": "/home/dev/shop", "id": "t"}
DATABASE = {
    "header": "Database",
    "question": "Which database?",
    "options": [["PostgreSQL", "Mature"], ["SQLite", "One file"]],
}
CHECKS = {
    "header": "Checks",
    "question": "Which checks?",
    "multi": True,
    "options": [["Lint", "ruff"], ["Types", "mypy"]],
}
AFTER = {"say": "The turn goes on."}
NEW, OLD = "2.1.329", "2.1.197"
READY = "Do you want"


def test_tmux_takes_it_for_claude(play: Play) -> None:
    actor = play(BASH)
    actor.sees(READY)
    assert actor.fact("pane_current_command") == "claude"
    assert actor.fact("alternate_on") == "1"


def test_the_old_version_draws_on_the_main_screen(play: Play) -> None:
    actor = play(BASH, version=OLD)
    actor.sees("ctrl+e to explain", "3. No")
    assert actor.fact("alternate_on") == "0"


@pytest.mark.parametrize(
    ("keys", "event", "reason"),
    [
        (["1"], "allowed", ""),
        (["2"], "always", "npm test *"),
        (["3"], "mode_changed", ""),
        (["4"], "denied", ""),
        (["Enter"], "allowed", ""),
        (["Escape"], "denied", ""),
        (["Up", "Enter"], "denied", ""),
        (["Down", "Down", "Down", "Enter"], "denied", ""),
        (["Down", "Down", "Down", "Down", "Enter"], "denied", ""),
        (["j", "Enter"], "always", "npm test *"),
        (["C-n", "C-p", "Enter"], "allowed", ""),
        (["9", "Enter"], "denied", ""),
        (["0", "y", "n", "Enter"], "allowed", ""),
        (["Down", "1", "Enter"], "always", "npm test *1"),
        (["Up", "Tab", "1", "Enter"], "denied", "1"),
        (["Tab", "o", "k", "Enter"], "allowed", "ok"),
        (["BTab", "o", "k", "Enter"], "allowed", "ok"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_keys_of_an_approval(play: Play, keys: list[str], event: str, reason: str) -> None:
    actor = play(BASH, AFTER)
    actor.sees(READY)
    actor.keys(*keys)
    effect = actor.effect(event)
    assert (effect["dialog"], effect["reason"]) == ("b", reason)
    assert len(actor.log("allowed", "denied", "always", "mode_changed")) == 1


def test_down_runs_over_the_end_and_up_has_to_undo_it(play: Play) -> None:
    actor = play(BASH)
    actor.sees(READY)
    actor.keys("Down", "Down", "Down", "Down", "Down", "Up", "Up")
    assert "> 4. No" in actor.text()
    actor.keys("Up")
    actor.sees("> 3. Yes")


def test_in_the_old_version_down_goes_round(play: Play) -> None:
    actor = play(BASH, version=OLD)
    actor.sees(READY)
    actor.keys("Down", "Down", "Down")
    actor.sees("> 1. Yes")


def test_a_denial_by_key_stops_the_turn_and_one_with_words_does_not(play: Play) -> None:
    stopped, told = play(BASH, AFTER), play(BASH, AFTER)
    stopped.sees(READY)
    stopped.keys("Escape")
    stopped.sees("Interrupted · What should Claude do instead?", "? for shortcuts")
    assert "The turn goes on." not in stopped.text()
    told.sees(READY)
    told.keys("Up", "Tab")
    told.sees("4. No, and tell Claude what to do differently")
    told.burst("use pnpm 2 times")
    told.sees("4. No, use pnpm 2 times")
    told.keys("Enter")
    told.sees("The turn goes on.")
    assert told.effect("denied")["reason"] == "use pnpm 2 times"


@pytest.mark.parametrize("paste", [False, True])
def test_a_burst_is_ignored_but_a_following_enter_acts(play: Play, paste: bool) -> None:
    actor = play(BASH)
    actor.sees(READY)
    if paste:
        actor.paste("4 please")
    else:
        actor.burst("44")
    actor.until(lambda: bool(actor.log("key")))
    actor.keys("Enter")
    assert actor.effect("allowed")["dialog"] == "b"


def test_a_fresh_dialog_swallows_answers_but_not_escape(play: Play) -> None:
    actor = play(BASH, guard_ms=60_000)
    actor.sees(READY)
    actor.keys("1", "Enter", "Down")
    assert [key["taken"] for key in actor.log("key")] == [False, False, True]
    actor.keys("Escape")
    assert actor.effect("denied")["keys"] == "1b"


def test_shift_tab_accepts_all_edits(play: Play) -> None:
    actor = play(EDIT)
    actor.sees("Do you want to make this edit to app.py?", "2 +c")
    actor.keys("BTab")
    assert actor.effect("mode_changed")["mode"] == "accept edits"
    actor.sees("accept edits on")


def test_write_and_fetch(play: Play) -> None:
    actor = play(
        {"write": "src/new.py", "content": "a = 1\n", "id": "w"},
        {"fetch": "https://example.test/docs", "prompt": "Sum up", "id": "f"},
    )
    actor.sees("Create file", "Do you want to create new.py?")
    actor.keys("1")
    actor.sees("Claude wants to fetch content from example.test", "url: https://example.test/docs")
    actor.keys("Up", "Tab", "x", "Enter")
    assert actor.effect("allowed")["dialog"] == "w"
    assert actor.effect("denied")["reason"] == ""


@pytest.mark.parametrize(
    ("keys", "event", "reason"),
    [
        (["2"], "answered", "SQLite"),
        (["Down", "Enter"], "answered", "SQLite"),
        (["3", "M", "1", "Enter"], "answered", "M1"),
        (["Down", "Down", "M", "1", "Enter"], "answered", "M1"),
        (["Up", "x", "Enter"], "answered", "x"),
        (["3", "Enter"], "denied", ""),
        (["4"], "denied", "chat"),
        (["Escape"], "denied", ""),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_keys_of_a_question(play: Play, keys: list[str], event: str, reason: str) -> None:
    actor = play({"ask": [DATABASE], "id": "q"})
    actor.sees("Enter to select", "> 1. PostgreSQL")
    actor.keys(*keys)
    assert actor.effect(event)["reason"] == reason


@pytest.mark.parametrize("toggle", [["1", "2"], ["Enter", "Down", "Enter"], ["Space", "2"]])
def test_multiple_choice_is_toggled_submitted_and_reviewed(play: Play, toggle: list[str]) -> None:
    actor = play({"ask": [CHECKS], "id": "q"})
    actor.sees("←  ☐ Checks  ✔ Submit  →", "> 1. [ ] Lint")
    actor.keys(*toggle)
    actor.sees("1. [✔] Lint", "2. [✔] Types")
    actor.keys("Tab")
    actor.sees("Review your answers", "→ Lint, Types", "> 1. Submit answers")
    actor.keys("1")
    assert actor.effect("answered")["answers"] == [["Which checks?", "Lint, Types"]]


def test_several_questions_in_tabs(play: Play) -> None:
    actor = play({"ask": [DATABASE, CHECKS], "id": "q"})
    actor.sees("☐ Database  ☐ Checks", "Tab/Arrow keys to navigate")
    actor.keys("1", "Down", "Enter", "Down", "Down")
    actor.sees(">    Submit")
    actor.keys("Enter")
    actor.sees("Review your answers", "→ PostgreSQL", "→ Types")
    actor.keys("Down", "Enter")
    assert actor.effect("denied")["dialog"] == "q"


@pytest.mark.parametrize(
    ("keys", "event", "reason", "mode"),
    [
        (["1"], "mode_changed", "", "auto"),
        (["BTab"], "mode_changed", "", "auto"),
        (["2"], "allowed", "", "manual"),
        (["3", "n", "o", "Enter"], "denied", "no", ""),
        (["Down", "Down", "n", "o", "Enter"], "denied", "no", ""),
        (["3", "Enter"], "denied", "", ""),
        (["Escape"], "denied", "", ""),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_keys_of_a_plan(play: Play, keys: list[str], event: str, reason: str, mode: str) -> None:
    actor = play(PLAN, mode="plan")
    actor.sees("Ready to code?", "> 1. Yes, and use auto mode", "ctrl+g to edit in Vim")
    actor.keys(*keys)
    effect = actor.effect(event)
    assert (effect["reason"], effect["mode"]) == (reason, mode)


@pytest.mark.parametrize(
    ("version", "keys", "event"),
    [
        (NEW, ["Enter"], "exit"),
        (NEW, ["Escape"], "exit"),
        (NEW, ["1", "2", "y", "Down", "Enter"], "allowed"),
        (NEW, ["Up", "Enter"], "allowed"),
        (OLD, ["Enter"], "allowed"),
        (OLD, ["2"], "exit"),
    ],
)
def test_keys_of_the_trust_dialog(play: Play, version: str, keys: list[str], event: str) -> None:
    actor = play(TRUST, version=version)
    actor.sees("Quick safety check", "Enter to confirm · Esc to cancel")
    actor.keys(*keys)
    assert actor.effect(event)["dialog"] == "t"
    if event == "exit":
        actor.until(lambda: actor.fact("pane_dead") == "1")


def test_a_message_is_pasted_and_sent(play: Play) -> None:
    actor = play({"idle": True}, AFTER)
    actor.sees("? for shortcuts")
    actor.paste("first line\nsecond 'line'; $(x)", "Enter")
    actor.sees("> first line", "  second 'line'; $(x)", "The turn goes on.")
    assert actor.effect("text")["reason"] == "first line\nsecond 'line'; $(x)"


def test_a_large_paste_is_folded_and_sent_whole(play: Play) -> None:
    actor = play({"idle": True})
    actor.sees("? for shortcuts")
    text = "\n".join(f"row {n}" for n in range(12))
    actor.paste(text)
    actor.sees("[Pasted text #1 +11 lines]")
    actor.keys("Enter")
    assert actor.effect("text")["reason"] == text


def test_work_can_be_interrupted_and_gives_the_message_back(play: Play) -> None:
    actor = play({"idle": True}, {"work": 60, "verb": "Baking"})
    actor.sees("? for shortcuts")
    actor.paste("bake it", "Enter")
    actor.sees("Baking…", "esc to interrupt")
    actor.keys("Escape")
    actor.sees(">\N{NO-BREAK SPACE}bake it")


def test_a_message_waits_while_the_agent_works(play: Play) -> None:
    actor = play({"work": 1.5}, {"say": "First done."})
    actor.sees("esc to interrupt")
    actor.paste("and then this", "Enter")
    actor.sees("Press up to edit queued messages")
    text = actor.sees("First done.", "● Done.")
    assert text.index("First done.") < text.index("> and then this")


def test_a_draft_holds_the_dialog_back_and_is_still_there_after_it(play: Play) -> None:
    actor = play({"work": 0.5}, BASH)
    actor.sees("esc to interrupt")
    actor.burst("half a thou")
    assert READY not in actor.sees("half a thou")
    actor.sees(READY)
    actor.keys("Escape")
    actor.sees(">\N{NO-BREAK SPACE}half a thou")


def test_a_tall_dialog_loses_its_top(play: Play) -> None:
    command = "rm -rf src\n" + "\n".join(f"echo {n}" for n in range(60))
    actor = play({**BASH, "bash": command}, height=24)
    text = actor.sees("more lines", "4. No")
    assert "rm -rf src" not in text.split("> 1. Yes")[0]
    assert text.rstrip().split("\n")[-2].startswith(" ↑ ")


def test_a_resized_pane_is_drawn_anew(play: Play) -> None:
    actor = play(BASH, width=120)
    actor.sees("─" * 120)
    actor.tmux("resize-window", "-x", "60")
    actor.until(lambda: "─" * 60 in actor.text() and "─" * 61 not in actor.text())
    assert actor.text().count("Bash command") == 1


def test_the_log_says_on_which_of_two_dialogs_a_key_arrived(play: Play) -> None:
    faces = [{**BASH, "id": "one"}, {**BASH, "bash": "rm -rf build", "id": "two"}]
    actor = play({"flip": faces, "every_ms": 200})
    actor.until(lambda: len(actor.log("shown")) > 3)
    assert {shown["dialog"] for shown in actor.log("shown")} == {"one", "two"}
    actor.keys("1")
    assert actor.effect("allowed")["dialog"] == actor.log("shown")[-1]["dialog"]


def test_a_second_dialog_follows_at_the_same_place(play: Play) -> None:
    actor = play({**BASH, "id": "one"}, {**BASH, "id": "two"})
    actor.sees(READY)
    actor.keys("1")
    actor.until(lambda: len(actor.log("shown")) == 2)
    actor.sees("Ran 1 shell command", READY)
    actor.keys("4")
    assert actor.effect("denied")["dialog"] == "two"
    assert [effect["dialog"] for effect in actor.log("allowed", "denied")] == ["one", "two"]


def test_a_dialog_can_be_held_back(play: Play, tmp_path: Any) -> None:
    gate = tmp_path / "open"
    actor = play({**BASH, "hold_file": str(gate)})
    actor.sees("esc to interrupt")
    assert not actor.log("shown")
    gate.touch()
    actor.sees(READY)


def test_branches_and_signals(play: Play) -> None:
    actor = play(
        {**BASH, "if_denied": [{"say": "Then not."}], "if_allowed": [{"signal": "DONE:built"}]},
    )
    actor.sees(READY)
    actor.keys("1")
    actor.sees("● :::DONE:built:::")


def test_exit(play: Play) -> None:
    actor = play({"idle": True})
    actor.sees("? for shortcuts")
    actor.paste("/exit", "Enter")
    actor.until(lambda: actor.fact("pane_dead") == "1")
    assert actor.effect("exit")
