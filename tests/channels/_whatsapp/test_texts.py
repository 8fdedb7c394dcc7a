"""What a person reads is what was said, in messages that are never too long."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels._whatsapp.texts import (
    BACKTICK,
    FENCE,
    LOOKS_LIKE_ONE,
    NOTE,
    Block,
    bold,
    cut,
    fits_above_buttons,
    inline,
    plain,
    sendable,
    split,
    units,
)

SIGNS = st.sampled_from(
    ["a", "ß", " ", "\n", "漢", "😀", "👩‍💻", "*", "_", "~", "`", "\t", "word "]
)
TEXTS = st.lists(SIGNS, max_size=400).map("".join)
BLOCKS = st.lists(st.builds(Block, TEXTS, st.booleans()), max_size=12)
NUMBER = re.compile(r"\(\d+/\d+\)\n")


def words_of(messages: tuple[str, ...]) -> str:
    """All that is said, without numbering, fences and blanks."""
    bare = (NUMBER.sub("", message, count=1) for message in messages)
    return "".join("".join(b.replace(FENCE, "").replace(NOTE, "").split()) for b in bare)


def said(blocks: list[Block]) -> str:
    texts = (b.text.replace(BACKTICK, LOOKS_LIKE_ONE) if b.fenced else b.text for b in blocks)
    return "".join("\n".join(texts).replace(FENCE, "").split())


@example([Block("`"), Block("``")], 60)
@given(BLOCKS, st.integers(60, 1600))
def test_nothing_is_lost_and_no_message_is_too_long(blocks: list[Block], limit: int) -> None:
    blocks = [Block(b.text if b.fenced else plain(b.text), b.fenced) for b in blocks]
    messages = split(blocks, limit)
    assert all(units(message) <= limit and message.strip() for message in messages)
    assert words_of(messages) == said(blocks)


@given(BLOCKS, st.integers(60, 1600))
def test_what_is_fenced_is_fenced_in_every_message(blocks: list[Block], limit: int) -> None:
    blocks = [Block(b.text if b.fenced else plain(b.text), b.fenced) for b in blocks]
    for message in split(blocks, limit):
        assert message.count(FENCE) % 2 == 0


@given(st.lists(st.sampled_from(["x" * n for n in (1, 9, 40)]), min_size=1, max_size=200))
def test_a_line_that_fits_is_never_broken(lines: list[str]) -> None:
    messages = split([Block("\n".join(lines), fenced=True)], 100)
    inside = "\n".join(message.partition(f"{FENCE}\n")[2] for message in messages)
    assert [line for line in inside.split("\n") if line != FENCE] == lines


def test_several_are_numbered_and_one_is_not() -> None:
    assert split([Block("hello")]) == ("hello",)
    parts = split([Block("\n".join(f"line {n}" for n in range(500)))])
    heads = [part.partition("\n")[0] for part in parts]
    assert heads == [f"({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
    assert len(parts) == 3


def test_nothing_at_all_is_no_message() -> None:
    assert split([Block(" \n"), Block("", fenced=True)]) == ()


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("allow *.py and *x* too", "allow ＊.py and ＊x＊ too"),  # noqa: RUF001
        ("snake_case_name", "snake_case_name"),
        ("_all of it_ ~gone~", "＿all of it＿ ～gone～"),  # noqa: RUF001
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("```fence```", "'''fence'''"),
        ("run `ls` now", "run `ls` now"),
        ("a\r\nb\0\ud800", "a\nb\ufffd\ufffd"),
    ],
)
def test_signs_that_would_vanish_are_shown(given_: str, shown: str) -> None:
    assert plain(given_) == shown


@given(TEXTS)
@example("_a_*a*")
def test_no_pair_of_signs_is_left(text: str) -> None:
    shown = plain(text)
    assert not re.search(r"(?<!\w)([*_~])(?=\S)([^\n]{0,1600}?\S)\1(?!\w)", shown)
    assert plain(shown) == shown


def test_a_title_is_bold_to_its_end() -> None:
    assert bold("Session 'my_app' *needs* you") == "*Session 'my_app' ＊needs＊ you*"  # noqa: RUF001
    assert bold("  ") == ""


def test_a_backtick_in_a_fence_is_replaced_and_said() -> None:
    (message,) = split([Block("echo `id`\n```", fenced=True)])
    assert message == f"```\necho ˋidˋ\nˋˋˋ\n```\n{NOTE}"  # noqa: RUF001
    assert inline("a `b`\n c") == "```a ˋbˋ c```"  # noqa: RUF001


def test_a_fence_that_a_cut_goes_through_is_closed_and_opened_again() -> None:
    parts = split(
        [Block("before"), Block("\n".join("abcdefgh" for _ in range(30)), fenced=True)], 100
    )
    assert len(parts) > 2
    for part in parts[1:]:
        assert NUMBER.sub("", part).startswith("```\nabcdefgh")
        assert part.endswith("abcdefgh\n```")


def test_a_hundred_thousand_signs_take_no_time() -> None:
    assert len(plain("*a " * 30_000)) == 90_000
    assert len(split([Block("x" * 40_000, fenced=True)])) == 26


@given(TEXTS, st.integers(1, 100))
def test_cut_keeps_the_limit(text: str, limit: int) -> None:
    assert units(cut(text, limit)) <= limit
    assert cut(text, limit).removesuffix("…") in text


def test_what_cannot_be_written_is_replaced() -> None:
    assert sendable("a\ud83db").encode()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("one\n  two", True),
        ("\n".join(["line"] * 12), True),
        ("\n".join(["line"] * 13), False),
        ("x" * 255, True),
        ("x" * 256, False),
        ("\n".join(["x" * 200] * 6), False),
        ("a\n\nb", False),
        ("a\tb", False),
        ("a     b", False),
        ("", False),
    ],
)
def test_what_twilio_puts_above_buttons(text: str, fits: bool) -> None:
    assert fits_above_buttons(text) is fits
