"""Twenty-four hours from the last word."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._whatsapp.window import (
    STRANGERS,
    State,
    Window,
    Windows,
    attention,
    standing,
    warning,
)
from tests.channels._whatsapp.rig import FakeMemory
from tests.channels._whatsapp.samples import ANN, BOB

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(), State.OPEN),
        (timedelta(hours=22, minutes=44), State.OPEN),
        (timedelta(hours=22, minutes=45), State.CLOSING),
        (timedelta(hours=23, minutes=44), State.CLOSING),
        (timedelta(hours=23, minutes=45), State.CLOSED),
        (timedelta(days=9), State.CLOSED),
    ],
    ids=str,
)
def test_it_closes_a_little_before_whatsapp_does(after: timedelta, state: State) -> None:
    assert Window(NOON).state(NOON + after) is state


def test_nobody_has_written() -> None:
    assert Window().state(NOON) is State.CLOSED


def test_twilios_word_counts_until_somebody_writes_again() -> None:
    assert Window(NOON, shut=NOON).state(NOON) is State.CLOSED
    assert Window(NOON, shut=NOON - timedelta(seconds=1)).state(NOON) is State.OPEN


async def test_it_outlasts_a_restart() -> None:
    memory = FakeMemory()
    first = Windows(memory, (ANN,))
    assert await first.heard(ANN, NOON)
    await first.shut(ANN, NOON + timedelta(hours=1))
    again = Windows(memory, (ANN,))
    assert await again.of(ANN) == Window(NOON, NOON + timedelta(hours=1))
    assert await again.of(BOB) == Window()


async def test_old_news_changes_nothing() -> None:
    windows = Windows(FakeMemory(), (ANN,))
    assert await windows.heard(ANN, NOON)
    assert not await windows.heard(ANN, NOON)
    assert not await windows.heard(ANN, NOON - timedelta(hours=3))
    await windows.shut(ANN, NOON - timedelta(minutes=1))
    assert (await windows.of(ANN)).state(NOON) is State.OPEN


async def test_a_stranger_who_is_written_to_is_one_no_more() -> None:
    memory = FakeMemory()
    windows = Windows(memory, (ANN,))
    assert not await windows.heard(BOB, NOON)
    assert (memory.kept, await windows.knows(BOB), await windows.people()) == ({}, False, [])
    assert (await windows.of(BOB)).state(NOON) is State.OPEN
    assert await windows.knows(BOB)
    assert await Windows(memory).people() == [BOB]
    assert await windows.heard(BOB, NOON + timedelta(hours=1))


async def test_of_strangers_only_the_last_are_remembered() -> None:
    windows = Windows(FakeMemory())
    for number in range(STRANGERS + 1):
        await windows.heard(f"+49{number:09}", NOON)
    assert (await windows.of("+49000000000")).heard is None
    assert (await windows.of("+49000000001")).heard == NOON


def test_what_waits_in_one_line() -> None:
    assert attention(["shop"]) == "1 session waits for you: shop"
    assert attention(["shop", "docs"]) == "2 sessions wait for you: shop, docs"
    assert attention(["a", "b", "c", "d", "e"]) == "5 sessions wait for you: a, b, c and 2 more"
    assert attention([""]) == attention([]) == "1 session waits for you"


@given(st.lists(st.text(max_size=200), max_size=9))
def test_the_template_takes_whatever_a_session_is_called(names: list[str]) -> None:
    value = attention(names)
    assert 0 < len(value) <= 255
    assert "\n" not in value
    assert "     " not in value
    assert value == value.strip()


def test_the_warning_says_how_long_and_what() -> None:
    text = warning(timedelta(minutes=44, seconds=40), ["shop"])
    assert "for 45 more minutes only" in text
    assert "1 session waits for you: shop" in text


def test_how_it_stands_in_the_list_of_sessions() -> None:
    wide, narrow = Window(NOON), Window(NOON - timedelta(hours=23))
    assert standing({ANN: wide}, 41, NOON) == (
        "WhatsApp is open for 23 h",
        "WhatsApp messages this month: 41",
    )
    assert standing({ANN: narrow, "+1": Window()}, None, NOON) == (
        f"WhatsApp is open for {ANN} for 45 min",
        "WhatsApp is closed for +1: write to it there",
    )
    assert standing({}, None, NOON) == ()
