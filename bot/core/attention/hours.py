"""Times of day, in a person's own time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

OFF = "off"

_WINDOW = re.compile(
    r"\s*(\d{1,2})(?::(\d{2}))?\s*(?:-|to|until)\s*(\d{1,2})(?::(\d{2}))?\s*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of day to another, which may be on the next day."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def window(text: str) -> Window:
    """``22-07``, ``22:30-7``. Raises ValueError with the cure."""
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ValueError("hours look like 22-07 or 22:30-07:00")
    start = _time(found[1], found[2])
    end = _time(found[3], found[4])
    if start == end:
        raise ValueError("it has to end at another time than it begins, as in 22-07")
    return Window(start, end)


def _time(hours: str, minutes: str | None) -> time:
    hour, minute = int(hours) % 24 if hours == "24" else int(hours), int(minutes or 0)
    if hour > 23 or minute > 59:
        raise ValueError("hours go from 0 to 24 and minutes to 59, as in 22:30-07:00")
    return time(hour, minute)


def ends(now: datetime, hours: Window, zone: tzinfo | None) -> datetime | None:
    """When the window that ``now`` is in ends, in UTC; None outside of it. No zone: this
    machine's. Where the clock is put forward over an end, it ends as if it had not been."""
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        start = _moment(day, hours.start, zone)
        last = day + timedelta(days=1) if hours.end <= hours.start else day
        end = _moment(last, hours.end, zone)
        if start <= now < end:
            return end
    return None


def _moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    # Without a zone it is a local time, which astimezone takes for this machine's.
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
