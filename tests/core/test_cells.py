"""A captured screen as cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cells import MOST_COLUMNS, MOST_ROWS, Sheet, sheet_of, width
from bot.core.colours import SIXTEEN, Look
from bot.core.screen import Screen


def sheet(*rows: str) -> Sheet:
    return sheet_of(Screen(rows, ansi=rows))


def text(*rows: str) -> list[str]:
    return ["".join(cell.text for cell in row) for row in sheet(*rows).rows]


def test_each_character_has_its_look() -> None:
    (row,) = sheet("a\x1b[1;31mb\x1b[0mc").rows
    assert [(cell.text, cell.look) for cell in row] == [
        ("a", Look()),
        ("b", Look(SIXTEEN[1], bold=True)),
        ("c", Look()),
    ]


def test_a_look_goes_on_in_the_next_row() -> None:
    _, row = sheet("\x1b[31ma", "b").rows
    assert row[0].look == Look(SIXTEEN[1])


def test_without_colours_the_rows_as_they_are() -> None:
    assert sheet_of(Screen(("a", "", "b", "", ""))).rows[2][0].text == "b"
    assert len(sheet_of(Screen(("a", "", "b", "", ""))).rows) == 3


@pytest.mark.parametrize(
    ("given_", "columns"), [("ab", 2), ("日本", 4), ("✅x", 3), ("⚠\ufe0f x", 3), ("e\u0301x", 2)]
)
def test_wide_characters_and_marks(given_: str, columns: int) -> None:
    (row,) = sheet(given_).rows
    assert width(row) == columns


def test_what_hides_is_written_out_on_a_ground_of_its_own() -> None:
    (row,) = sheet("/\u202ex\u200b").rows
    assert "".join(cell.text for cell in row) == "/⟨U+202E⟩x⟨U+200B⟩"
    marked = "".join(cell.text for cell in row if cell.look.paper == SIXTEEN[3])
    assert marked == "⟨U+202E⟩⟨U+200B⟩"
    assert text("\ue0b0") == ["\ue0b0"]
    assert text("a\ufe0fb") == ["a⟨U+FE0F⟩b"]


def test_other_sequences_show_nothing() -> None:
    link = "\x1b]8;;https://example.test\x1b\\word\x1b]8;;\x07"
    assert text(f"{link}\x1b[2Kx\x1b(By\x1b") == ["wordxy"]


def test_line_drawing_letters() -> None:
    assert text("\x0elqqk\x0f lq", "\x0ex", "x") == ["┌──┐ lq", "│", "│"]


def test_blanks_at_the_end_count_only_with_a_paper() -> None:
    assert text("a   ", "b\x1b[41m  \x1b[0m  ", "c\u00a0d\te") == ["a", "b  ", "c d e"]


def test_a_small_screen_has_some_width() -> None:
    assert sheet("a").columns == 20
    assert sheet().rows == ()


def test_of_a_very_large_screen_the_end_is_kept() -> None:
    large = sheet(*(f"{n} " + "日" * 500 for n in range(MOST_ROWS + 50)))
    assert len(large.rows) == MOST_ROWS
    assert large.rows[0][0].text == "5"
    assert MOST_COLUMNS - 1 <= large.columns <= MOST_COLUMNS


@given(st.lists(st.text(), max_size=5))
def test_any_rows_can_be_laid_out(rows: list[str]) -> None:
    found = sheet(*rows)
    assert all(width(row) <= found.columns for row in found.rows)
