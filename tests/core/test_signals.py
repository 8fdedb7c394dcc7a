from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.signals import SignalKind, find_signals, holds_signals
from bot.core.speech import Passage

WIDTH = 40


def found(*rows: str, line_start: bool = False) -> list[tuple[str, str]]:
    signals = find_signals([Passage(rows, WIDTH)], line_start=line_start)
    return [(signal.kind.value, signal.text) for signal in signals]


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (":::DONE:::", "DONE", ""),
        (":::DONE:tests pass:::", "DONE", "tests pass"),
        (":::HELP:which port?:::", "HELP", "which port?"),
        (":::ERROR:src/app.py:12: boom:::", "ERROR", "src/app.py:12: boom"),
        (":::BLOCKED:see http://h:80/x:::", "BLOCKED", "see http://h:80/x"),
        (":::PROGRESS:50:::", "PROGRESS", "50"),
        ("All tests pass. :::DONE:12 tests:::", "DONE", "12 tests"),
        ("✅ :::DONE:12 tests:::", "DONE", "12 tests"),
    ],
)
def test_a_signal(row: str, kind: str, text: str) -> None:
    assert found(row) == [(kind, text)]


@pytest.mark.parametrize(
    "row",
    [
        "I will print :::DONE:all good::: at the end",
        "`:::DONE:all good:::`",
        ":::DONE:never closed",
        ":::WAITING:unknown word:::",
        ":::DONE:summary:::",
        ":::HELP:<your question>:::",
        ":::ERROR:...:::",
        "::::DONE::::",
    ],
)
def test_no_signal(row: str) -> None:
    assert found(row) == []


def test_the_protocols_own_description_is_no_report() -> None:
    taught = (
        "Print these on a line of their own:",
        ":::DONE:summary:::",
        ":::HELP:question:::",
        ":::PROGRESS:50:::",
        ":::DONE:::",
    )

    assert found(*taught) == []
    assert found(*taught, ":::ERROR:disk full:::") == [("ERROR", "disk full")]


def test_each_is_told_once_in_order() -> None:
    assert found(":::PROGRESS:50:::", ":::DONE:::", ":::PROGRESS:50:::") == [
        ("PROGRESS", "50"),
        ("DONE", ""),
    ]


def test_two_on_one_line() -> None:
    assert found(":::PROGRESS:90::: :::DONE:ok:::") == [("PROGRESS", "90"), ("DONE", "ok")]


def test_an_open_signal_ends_where_the_next_begins() -> None:
    assert found(":::HELP:no end", ":::DONE:ok:::") == [("DONE", "ok")]


def test_a_line_of_a_shell_has_to_begin_with_it() -> None:
    assert found("ok. :::DONE:a:::", ":::DONE:b:::", line_start=True) == [("DONE", "b")]


def wrapped(text: str) -> list[str]:
    """As the agents wrap: at blanks, and inside a word only when it is longer than a row."""
    rows, row = [], ""
    for word in text.split(" "):
        while True:
            room = WIDTH - len(row) - bool(row)
            if len(word) <= room:
                row = f"{row} {word}" if row else word
                break
            if len(word) > WIDTH:
                rows.append(f"{row} {word[:room]}".strip() if room > 0 else row)
                word = word[room:] if room > 0 else word
            else:
                rows.append(row)
            row = ""
    return [*rows, row]


WORDS = st.lists(
    st.from_regex(r"[a-z0-9./:-]{0,18}[a-z0-9]", fullmatch=True), min_size=1, max_size=20
)


@given(WORDS)
def test_wrapping_takes_nothing_away(words: list[str]) -> None:
    text = f"it {' '.join(words)}"
    rows = wrapped(f":::DONE:{text}:::")
    if len(rows) <= 9 and ":::" not in text:
        # a blank at the end of a row that is full to its last column cannot be seen
        (found_one,) = find_signals([Passage(tuple(rows), WIDTH)])
        assert found_one.kind is SignalKind.DONE
        assert found_one.text.replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.text(alphabet=":DONEHLP \nabc", max_size=30), max_size=12))
def test_any_rows(rows: list[str]) -> None:
    assert isinstance(found(*rows), list)


def test_whether_there_may_be_any() -> None:
    assert holds_signals(["a", "x :::DONE:::"])
    assert not holds_signals(["a", "::", ": DONE"])


def test_the_same_words_far_apart_are_two_signals_where_that_counts() -> None:
    rows = (":::DONE:built:::", *["x"] * 9, ":::DONE:built:::", "x", ":::DONE:built:::")
    for apart, expected in ((0, [3]), (9, [3, 13]), (10, [3])):
        signals = find_signals([Passage(rows, WIDTH, start=3)], apart=apart)
        assert [signal.row for signal in signals] == expected
