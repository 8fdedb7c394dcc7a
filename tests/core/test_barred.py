from __future__ import annotations

import pytest

from bot.core.barred import block_above, cut, first_gap, joined, last_paragraph

ROWS = ("text", "  ┃", "  ┃  $ ls", " ┃  nearer", "  ┃  one", "  ┃", "  ┃  two", "")


def test_a_panel_is_the_rows_with_a_bar_at_one_column() -> None:
    panel = block_above(ROWS, 7)

    assert (panel.top, panel.end, panel.left, panel.margin) == (4, 7, 2, 5)
    assert panel.lines == ("one", "", "two")
    assert panel.filled(1) == 2
    assert panel.filled(3) == 3


def test_where_no_bar_stands_there_is_no_panel() -> None:
    assert block_above(ROWS, 1).lines == ()
    assert block_above((), 0).lines == ()


def test_a_row_is_cut_by_columns_not_by_characters() -> None:
    assert cut("abcdef", 4) == "abcd"
    assert cut("日本語文", 4) == "日本"
    assert cut("日", 4) == "日"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["set -e", "make"], "set -e\nmake"),
        (["docker run --name", "migrate x"], "docker run --name migrate x"),
        (["deploy@shop.example/", "srv/app"], "deploy@shop.example/srv/app"),
        (["curl https://a.test", "?page"], "curl https://a.test ?page"),
        (["for f in *.py; do", "  true", "done"], "for f in *.py; do\n  true\ndone"),
        (["x" * 20, "y" * 5], "x" * 20 + "y" * 5),
    ],
)
def test_wrapped_lines_are_put_together_again(lines: list[str], text: str) -> None:
    assert joined(lines, 20) == text


def test_paragraphs() -> None:
    lines = ["a", "b", "", "c", "d", ""]

    assert first_gap(lines) == 2
    assert first_gap(["a"]) == 1
    assert last_paragraph(lines) == 3
    assert last_paragraph(["", ""]) == 0
