"""What people said is kept as it was, and ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.attention.hours import OFF, window
from bot.core.attention.rules import EVERYBODY, Pause, Rules, Standing, dump, read

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SOON = Pause(NOON + timedelta(minutes=5), "Ann")
SAID = Standing({"shop": SOON}, {"k3f9": SOON}, {"telegram:1": "22:00-07:00"}, 300)


def test_it_comes_back_as_it_was() -> None:
    assert read(dump(SAID)) == SAID
    assert read(dump(Standing())) == Standing()


def test_what_is_over_is_over() -> None:
    later = NOON + timedelta(minutes=5)
    assert SAID.muted("shop", NOON) == SAID.snoozed("k3f9", NOON) == SOON
    assert SAID.muted("shop", later) is None
    assert SAID.snoozed("k3f9", later) is None
    assert SAID.current(later) == Standing(quiet=SAID.quiet, remind=300)


def test_whose_hours_count() -> None:
    night, lunch = window("22-07"), window("12-13")
    rules = Rules(quiet=night)
    assert Standing().hours("a", rules) == night
    everybody = Standing(quiet={EVERYBODY: "12-13", "b": OFF})
    assert everybody.hours("a", rules) == lunch
    assert everybody.hours("b", rules) is None
