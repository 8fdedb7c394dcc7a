from __future__ import annotations

import pytest

from bot.core.packs import Pack

PACK = Pack(("2.1.197", "2.1.329"), "recorded")


@pytest.mark.parametrize(
    ("version", "covered"),
    [
        ("2.1.197", True),
        ("2.1.250", True),
        ("2.1.329-beta.1", True),
        ("2.1.330", False),
        ("2.1.99", False),
        ("3.0", False),
        ("", False),
    ],
)
def test_versions_between_the_first_and_the_last_are_covered(version: str, covered: bool) -> None:
    assert PACK.covers(version) is covered


def test_its_span_in_words() -> None:
    assert PACK.span == "2.1.197 to 2.1.329"
    assert Pack(("0.61.0",), "recorded").span == "0.61.0"
