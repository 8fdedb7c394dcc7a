from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.layout import (
    cells,
    dedented,
    is_flush,
    is_inner_rule,
    is_rule,
    last_row,
    rejoin,
    trimmed,
    uncut,
    wraps,
)


def test_wide_and_combining_characters() -> None:
    assert (cells("abc"), cells("日本"), cells("e\u0301")) == (3, 4, 1)


def test_a_rule_starts_at_the_left_edge() -> None:
    assert is_rule("─" * 40)
    assert not is_rule("  " + "─" * 40)
    assert not is_rule("─" * 8)
    assert not is_rule("─" * 39 + "x")
    assert is_inner_rule("  " + "─" * 40)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["set -e", "make"], "set -e\nmake"),
        (["docker run --rm", "registry.example"], "docker run --rm registry.example"),
        (["see http://example", "/a/long/path"], "see http://example/a/long/path"),
        (["for f in *; do", "  echo"], "for f in *; do\n  echo"),
        ([], ""),
    ],
)
def test_lines_come_back_together(rows: list[str], text: str) -> None:
    assert rejoin(rows, 18) == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["long words", " and more"], "long words and more"),
        (["word and w", "ord"], "word and word"),
        (["two words", "more"], "two words more"),
        (["two", "lines"], "two\nlines"),
        (["日本日本a", "日本"], "日本日本a日本"),
        ([], ""),
    ],
)
def test_what_a_terminal_cut_is_as_it_was(rows: list[str], text: str) -> None:
    assert uncut(rows, 10) == text


@given(st.lists(st.text(max_size=30).filter(lambda row: "\n" not in row), max_size=8))
def test_rejoining_keeps_every_character(rows: list[str]) -> None:
    assert "".join(rejoin(rows, 20).split()) == "".join("".join(rows).split())


def test_a_row_that_had_room_did_not_wrap() -> None:
    assert not wraps("short", "word", 20)
    assert wraps("a row that is full", "word", 20)


def test_outer_blanks_and_common_indent() -> None:
    assert dedented(trimmed(["", "  a", "", "    b", ""])) == ("a", "", "  b")


def test_the_lowest_row_that_has_something() -> None:
    rows = ["• Working", "  deeper", "", "> draft", "  more"]
    assert last_row(rows, is_flush) == 3
    assert last_row(rows[:3], is_flush) == 0
    assert last_row(rows, lambda row: row.startswith("none")) is None
