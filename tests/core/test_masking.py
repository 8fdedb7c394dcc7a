from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.masking import MASK, masked, masked_like

KEY = "sk-ant-api03-" + "aB3" * 12


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        (f"export KEY={KEY}", KEY),
        ("git clone https://ann:hunter2@host.example/x", "hunter2"),
        ("curl -H 'Authorization: Bearer abcdef123456'", "abcdef123456"),
        ("DB_PASSWORD=correct-horse next", "correct-horse"),
        ('"api_key": "k-12345678"', "k-12345678"),
        ("ghp_0123456789abcdefghij in it", "ghp_0123456789abcdefghij"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("bot 123456789:" + "A" * 35, "123456789:" + "A" * 35),
        ("mail ann.smith@example.org", "ann.smith@example.org"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2ln", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2ln"),
    ],
)
def test_secrets_are_hidden_in_place(row: str, hidden: str) -> None:
    (clean,) = masked([row])

    assert hidden not in clean
    assert clean == row.replace(hidden, MASK * len(hidden))


def test_names_are_hidden_as_whole_words_only() -> None:
    rows = masked(["/home/ann/shop on bigbox", "annotate bigboxes", "I"], ["ann", "bigbox", "I"])

    assert rows == ("/home/xxx/shop on xxxxxx", "annotate bigboxes", "I")


@pytest.mark.parametrize(
    "row",
    [
        " > 1. Yes",
        "Do you want to proceed?",
        "   2. Yes, and do not ask again for: npm run *",
        "✻ Crystallizing… (7s · ↓ 21 tokens)",
        "tokens: 21",
        "─" * 80,
    ],
)
def test_what_a_dialog_is_made_of_stays(row: str) -> None:
    assert masked([row]) == (row,)


def test_the_same_is_hidden_under_colours() -> None:
    plain = (f"key: {KEY} !",)
    ansi = (f"\x1b[1mkey: {KEY[:9]}\x1b[31m{KEY[9:]}\x1b[0m !",)

    (row,) = masked_like(ansi, plain, masked(plain))

    assert row == f"\x1b[1mkey: {MASK * 9}\x1b[31m{MASK * (len(KEY) - 9)}\x1b[0m !"


@given(st.lists(st.text(st.characters(blacklist_categories=("Cc", "Cs")))))
def test_the_width_never_changes(rows: list[str]) -> None:
    clean = masked(rows, ["ann"])

    assert [len(row) for row in clean] == [len(row) for row in rows]
    assert masked_like(rows, rows, clean) == clean
    assert masked(clean, ["ann"]) == clean
