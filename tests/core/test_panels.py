# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from dataclasses import replace

from bot.core.dialogs import find_options
from bot.core.panels import Panel, panel_above, paragraphs, unbarred

RULE, FRAME = "─" * 40, "╌" * 40


def panel(*rows: str) -> Panel:
    options = find_options(rows)
    assert options is not None
    return panel_above(rows, options)


def test_title_header_frame_and_question() -> None:
    found = panel(
        "● text",
        RULE,
        " Bash command",
        " Run the tests",
        FRAME,
        " npm test",
        FRAME,
        " This command requires approval",
        "",
        " Do you want to proceed?",
        " ❯ 1. Yes",
        "   2. No",
    )

    assert (found.top, found.edge, found.title) == (1, "─", "Bash command")
    assert found.header == (" Run the tests",)
    assert found.content == (" npm test",)
    assert found.framed
    assert found.question == "Do you want to proceed?"
    assert found.body[:3] == ("Bash command", "Run the tests", "npm test")


def test_without_a_rule_the_top_is_off_the_screen() -> None:
    found = panel(" echo 1", FRAME, " Do you want to proceed?", " ❯ 1. Yes", "   2. No")

    assert found.top is None
    assert found.title == ""
    assert found.content == (" echo 1",)


def test_dashes_inside_a_command_are_shown() -> None:
    found = panel(RULE, " Bash command", "", "   " + "─" * 30, "", " Ok?", " ❯ 1. Yes", "   2. No")

    assert "  " + "─" * 30 in found.body


def test_bars_go_and_the_indent_behind_them_stays() -> None:
    assert unbarred([" │ for", " │   echo", " │"]) == ("for", "  echo", "")
    assert unbarred(["  a", "   b"]) == ("a", " b")


def test_paragraphs_are_lines() -> None:
    assert paragraphs([" one two", " three", "", " four"], 10) == ["one two three", "four"]


NOTE = "Tip: let me do it all, and never be asked"


def noted(*header: str, framed: bool = True) -> Panel:
    command = (FRAME, " npm test", f" {NOTE}", FRAME) if framed else (" npm test", f" {NOTE}")
    rows = (RULE, " Bash command", *header, *command, " Ok?", " ❯ 1. Yes", "   2. No")
    options = find_options(rows)
    assert options is not None
    return panel_above(rows, options, ("Another note", NOTE))


def test_a_note_under_the_title_is_no_part_of_what_is_asked() -> None:
    plain = noted(" Run the tests")

    assert noted(f" {NOTE}", " Run the tests") == replace(plain, content_row=5)
    assert noted(" Tip: let me do it all,", " and never be asked", " Run the tests") == replace(
        plain, content_row=6
    )


def test_words_like_a_note_anywhere_else_are_shown() -> None:
    assert noted(" Run the tests").body.count(NOTE) == 1  # in the command
    assert noted(" Run the tests", f" {NOTE}").body.count(NOTE) == 2
    assert noted(f" {NOTE} && rm -rf ~").body[1] == f"{NOTE} && rm -rf ~"
    assert noted(f" {NOTE} at", " all").header == (f" {NOTE} at", " all")
    assert noted(" Tip: let me do it all,").header == (" Tip: let me do it all,",)
    assert noted(f" {NOTE}", framed=False).body.count(NOTE) == 2
