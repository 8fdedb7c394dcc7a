from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.keys import as_message, typable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("safe\x1b[201~\rrm -rf x\r", "safe\nrm -rf x\n"),
        ("\x1b\x1b[201~[201~", "[201~"),
        ("\x9b201~x", "x"),
        ("\x03\x04\x1a\x7f\x00\x9b", ""),
        ("\x1b[A", "[A"),
        ("e\u0301", "é"),
        ("\ud800half", "half"),
        ("漢字 👍🏽", "漢字 👍🏽"),
    ],
)
def test_what_is_typed(text: str, expected: str) -> None:
    assert typable(text).decode() == expected


@given(st.text(st.characters()))
def test_no_key_is_left(text: str) -> None:
    typed = typable(text).decode()
    controls = {char for char in typed if unicodedata.category(char) == "Cc"}
    assert controls <= {"\n", "\t"}
    assert unicodedata.is_normalized("NFC", typed)
    assert typable(typed) == typed.encode()


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("run the tests", "run the tests"),
        ("\n two\nlines \n", "two\nlines"),
        ("!echo hi", " !echo hi"),
        ("  !echo hi", " !echo hi"),
        ("\x07!echo hi", " !echo hi"),
        ("well done!", "well done!"),
        ("/comp", "/comp "),
        ("/compact the rest", "/compact the rest"),
        ("look at @src", "look at @src "),
        ("look at (@src", "look at (@src "),
        ("write to ann@example.org", "write to ann@example.org "),
        ("use $sk", "use $sk "),
        ("# a heading", "# a heading"),
        ("and #12", "and #12 "),
        ("ends with \\", "ends with \\ "),
        ("File: /tmp/a b/photo.png", "File: /tmp/a b/photo.png (file)"),
        ("look at @logo.JPG", "look at @logo.JPG (file)"),
        ("see /tmp/notes.txt", "see /tmp/notes.txt "),
        ("C:\\dir is gone", "C:\\dir is gone"),
        ("", ""),
    ],
)
def test_a_message_is_no_command_of_the_box_and_picks_nothing(text: str, typed: str) -> None:
    assert as_message(text).decode() == typed


@given(st.text(st.sampled_from("!/@ \n\\ab\x1b")))
def test_a_message_never_begins_a_shell_nor_ends_in_a_list(text: str) -> None:
    typed = as_message(text).decode()
    assert not typed.startswith(("!", "\n"))
    assert not typed.endswith("\\")
    assert typed.strip().removesuffix(" (file)") == typable(text).decode().strip()
    last_word = re.split(r"\s", typed)[-1]
    assert not last_word.startswith(("@", "/", "$"))
