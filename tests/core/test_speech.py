# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from bot.core.speech import Marks, printed, spoken

MARKS = Marks(says="●", notes="⎿")


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

    assert said(*rows) == ["The agent's words", "go on here", "and here", "Bash(ls)"]


def test_text_whose_bullet_has_scrolled_away() -> None:
    assert said("  the end of what it said", "", "❯ thanks") == ["the end of what it said"]


def test_a_signal_printed_at_the_left_edge_without_the_agents_screen() -> None:
    rows = ("starting", ":::DONE:all is", "well:::", "", "later", "  :::DONE:shown:::", "$ x")

    assert [passage.rows for passage in printed(rows)] == [(":::DONE:all is", "well:::")]
