from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.keys import typable


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
