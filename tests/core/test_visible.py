import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.visible import has_hidden, reveal, screen_text

HIDDEN = [
    *"\u202e\u2066\u2067\u2068\u2069\u200b\u200d\u2060\ufeff\U000e0100\U0001d173\r",
    *"\x00\x07\x08\x1b\x7f\x85\x9b\u00a0\u00ad\u034f\u061c\u115f\u180b\u180e\u2000\u2028\u2029",
    *"\u2800\u3000\u3164\ufe0f\uffa0\ue000\U000e0041\uffff\ud800\udfff",
]


@pytest.mark.parametrize("char", HIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_does_not_show_is_written_out(char: str) -> None:
    assert reveal(f"rm{char}x") == f"rm⟨U+{ord(char):04X}⟩x"
    assert has_hidden(f"rm{char}x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "npm run build",
        "line one\n  line two\n\n\tindented",
        "Größe café 日本語 Привет مرحبا",
        "cafe\u0301",
        "👍🏽 ✓ ● ─│",
        "eight" + " " * 8 + "blanks",
        "a\n\n\n\nb",
    ],
)
def test_what_shows_stays_as_it_is(text: str) -> None:
    assert reveal(text) == text
    assert not has_hidden(text)


def test_padding_is_counted() -> None:
    assert reveal("echo hi" + " " * 3000 + "; rm -rf ~") == "echo hi⟨3000 blanks⟩; rm -rf ~"
    assert reveal("echo hi" + "\t" * 90 + "; rm -rf ~") == "echo hi⟨90 tabs⟩; rm -rf ~"
    assert reveal("a" + " \t" * 5 + "b").count("⟨1 blanks⟩⟨1 tabs⟩") == 5
    assert reveal("echo hi" + "\n" * 500 + "rm -rf ~") == "echo hi\n⟨499 empty lines⟩\nrm -rf ~"
    assert reveal("echo hi" + "\n " * 6 + "\nx") == "echo hi" + "\n⟨1 blanks⟩" * 6 + "\nx"


def test_no_text_can_pretend_to_hold_a_mark() -> None:
    assert reveal("⟨U+202E⟩") == "⟨⟨U+202E⟩"
    assert reveal("⟨9 blanks⟩") == "⟨⟨9 blanks⟩"


def test_an_overlong_text_is_not_cut() -> None:
    assert reveal("x" * 200_000) == "x" * 200_000


_MARK = re.compile(r"⟨⟨|⟨U\+([0-9A-F]{4,6})⟩|⟨(\d+) (blanks|tabs|empty lines)⟩")


def undo(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        count = int(found[2])
        return {"blanks": " " * count, "tabs": "\t" * count}.get(found[3], "\n" * (count - 1))
    return "⟨"


ANY_CHARACTER = st.characters(exclude_categories=())
NASTY = st.sampled_from(["⟨", "⟩", " ", "\t", "\n", " " * 9, "\n" * 5, "U+202E", "9 blanks", "\r"])


@given(st.one_of(st.text(ANY_CHARACTER), st.lists(NASTY | st.text(ANY_CHARACTER)).map("".join)))
def test_no_two_texts_read_the_same(text: str) -> None:
    """Whoever knows the marks gets the very text back, so none is lost and none collides."""
    shown = reveal(text)
    assert _MARK.sub(undo, shown) == text
    assert not has_hidden(shown)
    assert shown.encode().decode() == shown


def test_a_screen_keeps_its_blanks_and_hides_nothing() -> None:
    assert (
        screen_text(">\u00a0go" + " " * 30 + "|\n\n\n\nend") == "> go" + " " * 30 + "|\n\n\n\nend"
    )
    assert screen_text("a\u202eb\x1b[2J") == "a⟨U+202E⟩b⟨U+001B⟩[2J"
