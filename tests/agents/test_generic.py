# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.generic import AGENT
from bot.core.agent import State
from bot.core.prompts import Role, fingerprint
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, check, golden_screens


@pytest.mark.parametrize("golden", golden_screens("generic"), ids=lambda golden: golden.name)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    check(AGENT.read_screen(golden.screen), golden)


def facts(row: str, command: str = "apt", y: int = 1) -> PaneFacts:
    return PaneFacts(command=command, cursor_x=len(row), cursor_y=y)


@pytest.mark.parametrize(
    "row",
    ["Do you want to continue? [Y/n]", "Remove it? (y/N)", "Really delete? (yes/no):"],
)
def test_a_yes_no_prompt_at_the_cursor(row: str) -> None:
    reading = AGENT.read_screen(Screen(("3 packages", row), facts(row)))

    assert reading.state is State.APPROVAL
    assert reading.prompt is not None
    assert [c.role for c in reading.prompt.choices] == [Role.ALLOW_ONCE, Role.DENY]
    assert reading.prompt.selected is None
    assert reading.prompt.body == ("3 packages", row)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Do you want to continue? [Y/n]", ["y", "n"]),
        ("Are you sure you want to continue connecting (yes/no/[fingerprint])?", ["yes", "no"]),
        ("rm: descend into write-protected directory 'dist'?", ["y", "n"]),
        ("Ok to proceed? (y)", ["y", "n"]),
        ("Is this OK? (yes)", ["yes", "no"]),
    ],
)
def test_the_words_a_question_takes(row: str, words: list[str]) -> None:
    prompt = AGENT.read_screen(Screen(("", row), facts(row))).prompt

    assert prompt is not None
    assert [choice.word for choice in prompt.choices] == words


@pytest.mark.parametrize(
    "row",
    [
        "[sudo] password for dev:",
        "Enter passphrase for key '/home/dev/.ssh/id_ed25519':",
        "(dev@shop.example.test) Password:",
        "Stage this hunk [y,n,q,a,d,e,p,?]?",
    ],
)
def test_secrets_and_letters_of_unknown_meaning_are_never_answered(row: str) -> None:
    reading = AGENT.read_screen(Screen(("", row), facts(row, "sudo")))

    assert reading.state is State.UNREADABLE
    assert reading.prompt is not None
    assert not reading.prompt.choices


@pytest.mark.parametrize("shell", ["bash", "zsh", ""])
@pytest.mark.parametrize("start", ["dev@box:~/shop$ ", "➜  shop git:(main) ✗ ", "❯ ", "> "])
def test_what_is_typed_at_a_shell_asks_nothing(shell: str, start: str) -> None:
    row = f'{start}echo "Remove it? [y/N]'

    assert AGENT.read_screen(Screen(("", row), facts(row, shell))).prompt is None
    row = f"{start}grep password:"
    assert AGENT.read_screen(Screen(("", row), facts(row, shell))).prompt is None


def test_a_program_that_draws_its_own_screen_is_not_answered_by_words() -> None:
    row = "Remove it? [y/N]"
    full = replace(facts(row, "mc"), alternate=True)

    assert AGENT.read_screen(Screen(("", row), full)).prompt is None


def test_what_somebody_typed_behind_a_question_is_no_part_of_it() -> None:
    asked, begun = (
        AGENT.read_screen(Screen(("", row), facts(row))).prompt
        for row in ("Remove it? [y/N]", "Remove it? [y/N] ye")
    )

    assert asked is not None
    assert begun is not None
    assert (begun.typed, begun.typing) == ("ye", True)
    assert fingerprint(asked) == fingerprint(begun)


def test_a_yes_no_prompt_that_was_answered_is_none() -> None:
    row = "Remove it? (y/N)"

    assert AGENT.read_screen(Screen((row, "removed"), facts(row))).prompt is None
    assert AGENT.read_screen(Screen(("", row), facts(row, y=0))).prompt is None


@pytest.mark.parametrize("command", ["less", "vim", "cat"])
def test_what_a_viewer_shows_asks_nothing(command: str) -> None:
    row = "Remove it? (y/N)"

    assert AGENT.read_screen(Screen(("", row), facts(row, command))).state is State.SHELL


@pytest.mark.parametrize(
    "rows",
    [
        ("Pick one", "1) Yes", "2) No", "#?"),
        ("Allow this?", "› 1. Yes, proceed (y)", "  2. No", "  Press enter to confirm"),
        ("┃  △ Permission required", "┃   Allow once   Reject    enter confirm"),
        ("Run this command?", "  → Run (y) (enter)", "    Reject (esc or p)"),
        (
            " Run this command?",
            "    Run (y) (enter)",
            "  → Add Shell(git) to allowlist? (tab)",
            "    Reject (esc or p)",
        ),
    ],
)
def test_what_waits_but_is_not_known_is_unreadable(rows: tuple[str, ...]) -> None:
    reading = AGENT.read_screen(Screen(rows, PaneFacts(command="node")))

    assert reading.state is State.UNREADABLE
    assert reading.prompt is not None
    assert reading.prompt.body == rows
    assert not reading.prompt.choices


@pytest.mark.parametrize(
    "rows",
    [
        ("Run this command?", "    Run (y) (enter)", "    Reject (esc or p)"),
        ("See the notes:", "→ Run it by hand (y)", "and nothing else"),
        ("  → Run (y) (enter)", "    Reject (esc or p)", "", "dev@box:~/shop$"),
    ],
)
def test_keys_in_somebodys_text_ask_nothing(rows: tuple[str, ...]) -> None:
    shell = "bash" if rows[-1].endswith("$") else "node"
    reading = AGENT.read_screen(Screen(rows, PaneFacts(command=shell)))

    assert reading.prompt is None


@pytest.mark.parametrize("prompt", ["dev@box:~/shop$", "$", "user ~ %", "❯", "# "])
def test_a_shell_at_its_prompt_waits_for_nobody(prompt: str) -> None:
    rows = Screen.of(f" ❯ 1. Yes\n   2. No\n Esc to cancel\n{prompt}")

    assert AGENT.read_screen(rows).state is State.SHELL


def test_a_line_of_shell_output_that_begins_with_a_signal_counts() -> None:
    rows = (
        "$ echo ':::DONE:typed:::'",
        ":::DONE:built:::",
        "$ cat notes.md",
        "write :::ERROR:like this::: at the end",
        "$",
    )

    found = AGENT.read_screen(Screen(rows, PaneFacts(command="bash"))).signals

    assert [(s.kind.value, s.text) for s in found] == [("DONE", "built")]


def signals_in(*rows: str, command: str = "bash", width: int = 0) -> list[tuple[str, bool]]:
    facts = PaneFacts(command=command, width=width)
    found = AGENT.read_screen(Screen(rows, facts)).signals
    return [(signal.text, signal.earlier) for signal in found]


def test_a_command_line_that_wraps_is_typed_to_its_end() -> None:
    width = 48
    typed = "$ printf '%s' and then ".ljust(width, "-") + ":::DONE:typed:::"
    rows = [typed[at : at + width] for at in range(0, len(typed), width)]

    for known in (width, 0):
        assert signals_in(*rows, ":::DONE:printed:::", "$", width=known) == [("printed", False)]


def test_what_the_terminal_cut_is_whole_again() -> None:
    line = f":::ERROR:{'long words ' * 12}end:::"
    rows = [line[at : at + 60].rstrip() for at in range(0, len(line), 60)]
    expected = [(f"{'long words ' * 12}end", False)]
    assert signals_in("$ make", *rows, "$", width=60) == expected


@pytest.mark.parametrize(
    ("command", "width"), [("$ make all && make check", 0), ("$ make " + 60 * "x", 80)]
)
def test_a_command_line_that_is_the_widest_row_ends_there(command: str, width: int) -> None:
    assert signals_in(command, ":::DONE:built:::", "$", width=width) == [("built", False)]


@pytest.mark.parametrize(
    "command", ["cat a.md", "head -5 a.md", "/usr/bin/grep DONE a", "git log"]
)
def test_a_file_being_shown_says_nothing(command: str) -> None:
    assert signals_in(f"$ {command}", ":::DONE:shown:::", "$") == []


def test_what_lies_under_a_viewer_is_covered() -> None:
    reading = AGENT.read_screen(Screen((":::DONE:a:::",), PaneFacts(command="less")))

    assert (reading.signals, reading.covered) == ((), True)


def test_the_same_from_two_commands_is_two() -> None:
    rows = ("$ make", ":::DONE:a:::", "$ make", ":::DONE:a:::", "$")

    assert signals_in(*rows) == [("a", True), ("a", False)]


@settings(deadline=None)
@given(st.text(max_size=500), st.sampled_from(["", "bash", "node", "less"]))
def test_any_text_gives_a_reading(text: str, command: str) -> None:
    assert AGENT.read_screen(Screen.of(text, PaneFacts(command=command))).agent == "generic"
