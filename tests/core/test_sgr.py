from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sgr import faint_cells, starts_grey


def test_faint_and_reversed_characters() -> None:
    row = "a\x1b[2mb\x1b[7mc\x1b[22;27md\x1b[38;5;2me\x1b[38;2;2;7;2mf"

    assert [(char, faint, reverse) for char, faint, reverse in faint_cells(row)] == [
        ("a", False, False),
        ("b", True, False),
        ("c", True, True),
        ("d", False, False),
        ("e", False, False),
        ("f", False, False),
    ]


@pytest.mark.parametrize(
    ("row", "grey"),
    [
        ("   \x1b[38;5;246mRun the tests", True),
        ("\x1b[39m   \x1b[38;5;246mRun", True),
        ("   \x1b[38;5;246m\x1b[39mnpm test", False),
        ("   npm \x1b[38;5;246mtest", False),
        ("   \x1b[38;5;153mnpm", False),
        ("", False),
    ],
)
def test_grey_from_the_first_character(row: str, grey: bool) -> None:
    assert starts_grey(row) is grey


@given(st.text(alphabet="\x1b[;:0123456789m]a ", max_size=60))
def test_any_row(row: str) -> None:
    assert len(faint_cells(row)) <= len(row)
    starts_grey(row)
