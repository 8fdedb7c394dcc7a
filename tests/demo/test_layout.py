from __future__ import annotations

import pytest

from bot.demo.layout import BLANK, clip, paint, paragraph, row, row_text, truncate, width_of, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two", 7, ["one two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("漢字漢字", 4, ["漢字", "漢字"]),
        ("", 5, [""]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_a_dialog_that_fits_is_left_alone() -> None:
    body, tail = [row("a"), BLANK], [row("footer")]
    assert clip(body, tail, 3) == [*body, *tail]


def test_a_tall_dialog_counts_the_lines_it_hides_and_keeps_its_end() -> None:
    body = [*(row(str(n)) for n in range(10)), BLANK]
    shown = [row_text(line) for line in clip(body, [row("footer")], 5)]
    assert shown == ["7", "8", "9", " ↑ 7 more lines", "footer"]


def test_cells_and_colours() -> None:
    assert width_of("a漢é") == 4
    assert truncate("abcdef", 4) == "abc…"
    assert truncate("abc", 4) == "abc"
    assert paint((("1", "bold"), ("", " plain"))) == "\x1b[1mbold\x1b[0m plain"
    assert [row_text(line) for line in paragraph("one two", 6)] == [" one", " two"]
