"""A name that somebody else gave is harmless in a path, a shell and a prompt."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from bot.core.filenames import safe_name
from tests.support.ledger_rows import TEXT


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\my photo.JPG", "my-photo.JPG"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("-rf", "rf"),
        ("a; rm -rf ~.txt", "a-rm--rf.txt"),
        ("a\nb\x1b[31m.txt", "a-b-31m.txt"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("Überblick.md", "Überblick.md"),
        ("x" * 300 + ".png", "x" * 60 + ".png"),
        ("x." + "y" * 300, "x." + "y" * 58),
        ("\ud800.txt", "file.txt"),
    ],
)
def test_a_plain_word_is_left(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@given(TEXT)
def test_whatever_the_name_was(name: str) -> None:
    safe = safe_name(name, "tele:1")
    assert re.fullmatch(r"\w[\w.-]*", safe)
    assert len(safe.encode()) <= 255


def test_the_origin_tells_two_of_one_name_apart() -> None:
    one, two = safe_name("photo.jpg", "tele:1"), safe_name("photo.jpg", "tele:2")
    assert one != two
    assert re.fullmatch(r"photo-[0-9a-f]{8}\.jpg", one)
    assert one == safe_name("photo.jpg", "tele:1")
