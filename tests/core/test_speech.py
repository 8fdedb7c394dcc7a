# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from bot.core.speech import Marks, printed, spoken

MARKS = Marks(says="●", notes="⎿", asks="❯")


def said(*rows: str) -> list[str]:
    return [row for passage in spoken(rows, MARKS) for row in passage.rows if row]


def test_the_agents_text_and_no_other() -> None:
    rows = (
        "❯ a person's words",
        "  over two lines",
        "● The agent's words",
        "  go on here",
        "",
        "  12 + a line of a file being shown",
        "  and here",
        "● Bash(ls)",
        "  ⎿  what the command printed",
        "     and more of it",
        "✻ Worked for 3s",
        "  a tip",
    )

    assert said(*rows) == ["The agent's words", "go on here", "and here"]


def test_text_whose_bullet_has_scrolled_away() -> None:
    assert said("  the end of what it said", "", "❯ thanks") == ["the end of what it said"]


def test_a_signal_printed_at_the_left_edge_without_the_agents_screen() -> None:
    rows = ("starting", ":::DONE:all is", "well:::", "", "later", "  :::DONE:shown:::", "$ x")

    assert [passage.rows for passage in printed(rows)] == [(":::DONE:all is", "well:::")]


def test_which_words_of_a_person_it_stands_under() -> None:
    rows = ("● old", "❯ fix the bug", "  in the parser", "● one", "❯ add tests", "● two", "❯")

    found = [(p.rows, p.asked, p.turn, p.earlier) for p in spoken(rows, MARKS)]

    assert found == [
        (("old",), "", 0, True),
        (("one",), "fixthebug", 1, True),
        (("two",), "addtests", 2, False),
    ]


def test_a_tools_call_is_not_said_however_it_wraps() -> None:
    rows = ("● Bash(printf 'a long text and", "  :::DONE:typed:::')", "  after it", "● Fine (a) b")

    assert said(*rows) == ["after it", "Fine (a) b"]


def test_on_which_row_it_begins() -> None:
    rows = ("● Bash(ls", "  -l)", "  one", "", "● two", "❯ go on", "", "● three")
    found = [(passage.start, passage.rows[0]) for passage in spoken(rows, MARKS)]
    assert found == [(2, "one"), (4, "two"), (7, "three")]
    assert all(rows[start].endswith(row) for start, row in found)
    (passage,) = printed(("x", ":::DONE:built:::", ""))
    assert passage.start == 1
