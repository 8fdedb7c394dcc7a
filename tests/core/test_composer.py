# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

import re

import pytest

from bot.core.composer import find_box, is_hint

RULE = "─" * 40
NOTHING = re.compile("nothing")


def test_a_box_with_two_lines() -> None:
    box = find_box(["● hi", "", RULE, "❯\u00a0first", "  second", RULE, "  hint"], "❯!")

    assert box is not None
    assert (box.top, box.bottom, box.text, box.below) == (2, 5, "first\nsecond", ("  hint",))


def test_a_session_name_in_the_upper_rule() -> None:
    assert find_box(["─" * 20 + " fix the tests ──", "❯", RULE], "❯") is not None


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [RULE],
        [RULE, "  1. Chat about this", RULE],
        ["❯", RULE],
        [RULE, "❯", RULE, "a shell wrote this"],
        [RULE, "❯", "● text", RULE],
        ["  " + RULE, "  ❯", "  " + RULE],
    ],
)
def test_no_box(rows: list[str]) -> None:
    assert find_box(rows, "❯") is None


def test_a_hint_is_faint_or_known() -> None:
    rows = [RULE, "❯ Try it", RULE]
    box = find_box(rows, "❯")

    assert box is not None
    assert is_hint(box, None, re.compile("Try it"))
    assert not is_hint(box, None, NOTHING)
    assert is_hint(box, ["", "❯ \x1b[7mT\x1b[0;2mry it", ""], NOTHING)
    assert not is_hint(box, ["", "❯ \x1b[7mT\x1b[0mry it", ""], NOTHING)
    assert not is_hint(box, ["", "❯ Try\x1b[2m it", ""], NOTHING)
