from __future__ import annotations

from datetime import UTC, datetime

from bot.core.records import Person

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def test_one_number_on_two_channels_is_two_people() -> None:
    ann, other = (
        Person(channel, "7001", "Ann", "7001", NOON) for channel in ("telegram", "whatsapp")
    )
    assert ann.id == "telegram:7001"
    assert ann.id != other.id
