"""Times of day in a person's own time zone, also when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.attention.hours import ends, window

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("22-07", "22:00-07:00"),
        ("22:30-7", "22:30-07:00"),
        ("9 - 17:15", "09:00-17:15"),
        ("22 to 24", "22:00-00:00"),
    ],
)
def test_as_people_write_them(said: str, kept: str) -> None:
    assert str(window(said)) == kept


@pytest.mark.parametrize("said", ["", "night", "22", "25-07", "22:60-7", "07-7", "22-07x"])
def test_what_is_no_window_says_how_one_looks(said: str) -> None:
    with pytest.raises(ValueError, match="22"):
        window(said)


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        ("22-07", "2026-06-01T19:59", None),
        ("22-07", "2026-06-01T20:00", "2026-06-02T05:00"),
        ("22-07", "2026-06-02T04:59", "2026-06-02T05:00"),
        ("22-07", "2026-06-02T05:00", None),
        ("12-13", "2026-06-01T10:30", "2026-06-01T11:00"),
        # 2026-03-29: the night is an hour shorter; 2026-10-25: an hour longer
        ("22-07", "2026-03-28T21:30", "2026-03-29T05:00"),
        ("22-07", "2026-10-24T20:30", "2026-10-25T06:00"),
        # an end that does not exist that night, and one that comes twice
        ("22-02:30", "2026-03-28T22:00", "2026-03-29T01:30"),
        ("22-02:30", "2026-10-24T22:00", "2026-10-25T00:30"),
    ],
)
def test_when_they_end(hours: str, now: str, end: str | None) -> None:
    found = ends(datetime.fromisoformat(now).replace(tzinfo=UTC), window(hours), BERLIN)
    assert found == (datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None)


def test_without_a_zone_it_is_the_machine_s() -> None:
    now = datetime(2026, 6, 1, 12, 30).astimezone()
    assert ends(now, window("12-13"), None) == datetime(2026, 6, 1, 13, 0).astimezone()
