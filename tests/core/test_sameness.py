import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sameness import same_text

SAME_PANE = (80, 80)
UNKNOWN = (0, 0)


@pytest.mark.parametrize("widths", [SAME_PANE, UNKNOWN, (0, 80), (80, 0)])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rm -rf /tmp/x", "rm -rf / tmp/x"),
        ("rm -rf / tmp/x", "rm -rf /tmp/x"),
        ("echo safe # rm -rf ~", "echo safe #\nrm -rf ~"),
        ("echo safe #\nrm -rf ~", "echo safe # rm -rf ~"),
        ("rm -rf /\ntmp/x", "rm -rf /tmp/x"),
        ("rm -rf /\ntmp/x", "rm -rf / tmp/x"),
        ("rm\u00a0-rf x", "rm -rf x"),
        ("echo hi\u037e rm x", "echo hi; rm x"),
        ("cat café", "cat cafe\u0301"),
    ],
)
def test_in_a_pane_of_one_width_every_sign_counts(
    before: str, after: str, widths: tuple[int, int]
) -> None:
    assert same_text(before, before, widths)
    assert not same_text(before, after, widths)


def test_how_many_blanks_does_not_count() -> None:
    assert same_text("  npm   run\tbuild \n\n ok", "npm run build\nok", UNKNOWN)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rm -rf /tmp/x", "rm -rf / tmp/x"),
        ("echo safe # rm -rf ~", "echo safe #\nrm -rf ~"),
        ("echo safe #\nrm -rf ~", "echo safe # rm -rf ~"),
        ("ls", "ls x"),
        ("ls x", "ls"),
    ],
)
@pytest.mark.parametrize("widths", [(80, 120), (120, 80)])
def test_a_resize_excuses_only_what_wrapping_can_do(
    before: str, after: str, widths: tuple[int, int]
) -> None:
    """A short row that ends was ended by its text."""
    assert not same_text(before, after, widths)


def test_a_frame_is_as_wide_as_its_pane() -> None:
    assert same_text("╌" * 30 + "\nls\n" + "╌" * 30, "╌" * 60 + "\nls\n" + "╌" * 60, (30, 60))


WORDS = st.lists(st.text("abc/-.*", min_size=1, max_size=90), min_size=1, max_size=40)
FRAME = st.integers(0, 6)


@given(WORDS, FRAME, st.integers(40, 80), st.integers(81, 200))
def test_a_text_wrapped_anew_is_the_same(
    words: list[str], frame: int, narrow: int, wide: int
) -> None:
    text = " ".join(words)
    one, other = (textwrap.fill(text, width - frame) for width in (narrow, wide))
    assert same_text(one, other, (narrow, wide))
    assert same_text(other, one, (wide, narrow))


@given(WORDS, st.integers(0, 500), st.integers(40, 80))
def test_a_blank_more_is_not(words: list[str], place: int, narrow: int) -> None:
    """Wherever in the text, in the middle of a row."""
    text = " ".join(words)
    at = place % len(text)
    inside = text[at - 1 : at + 1]
    if at == 0 or " " in inside or at % 200 == 0:
        return
    changed = f"{text[:at]} {text[at:]}"
    wide = len(changed) + 100
    assert not same_text(text, changed, (wide, wide + 1))
    assert not same_text(text, changed, (narrow, narrow))
