"""Rows as a person sees them."""

from bot.core.screen import PaneFacts, Screen


def test_rows_end_where_their_text_ends() -> None:
    screen = Screen.of("one  \n  two\n\n\n", PaneFacts(command="claude"))
    assert screen.rows == ("one", "  two", "", "", "")
    assert screen.trimmed() == ("one", "  two")
    assert screen.pane.command == "claude"
    assert screen.ansi is None


def test_an_empty_screen() -> None:
    assert Screen.of("").trimmed() == ()


def test_colours_keep_their_blanks() -> None:
    assert Screen.of("a", ansi="\x1b[1ma \x1b[0m").ansi == ("\x1b[1ma \x1b[0m",)
