from __future__ import annotations

import pytest

from bot.demo.keys import KeyReader


def names(data: bytes) -> list[tuple[str, str]]:
    return [(key.name, key.text) for key in KeyReader().feed(data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"1", [("char", "1")]),
        (b"12", [("burst", "12")]),
        (b"\r", [("enter", "")]),
        (b"\n", [("newline", "")]),
        (b"\x1b", [("escape", "")]),
        (b"\x1b\x1b", [("escape", ""), ("escape", "")]),
        (b"\x1b[A\x1b[B\x1bOA\x1bOB", [("up", ""), ("down", ""), ("up", ""), ("down", "")]),
        (b"\x1b[Z", [("backtab", "")]),
        (b"\t", [("tab", "")]),
        (b"\x03", [("ctrl-c", "")]),
        (b"\x7f", [("backspace", "")]),
        (b"\tno\r", [("tab", ""), ("burst", "no"), ("enter", "")]),
        (b"\x1b[200~a\rb\x1b[201~\r", [("paste", "a\nb"), ("enter", "")]),
        (b"\x1b[5~", [("unknown", "")]),
        ("ü€😀".encode(), [("burst", "ü€😀")]),
    ],
)
def test_reads_become_keys(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert names(data) == expected


@pytest.mark.parametrize("data", [b"\x1b[200~two\nlines\x1b[201~", "ü".encode(), b"\x1b[B"])
def test_what_arrives_in_two_reads_is_one_key(data: bytes) -> None:
    for cut in range(2 if data[:1] == b"\x1b" else 1, len(data)):
        reader = KeyReader()
        first = reader.feed(data[:cut])
        assert first + reader.feed(data[cut:]) == KeyReader().feed(data)


def test_the_raw_bytes_are_kept() -> None:
    data = b"\x1b[200~x\x1b[201~1\x1b[A\x1b"
    assert b"".join(key.raw for key in KeyReader().feed(data)) == data
