from datetime import UTC, datetime, timedelta

from bot.services.pacing import Overall, Paces

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LANE = ("telegram", "7001")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def times(per_second: float, span: float) -> list[float]:
    """When a channel that always has something to send sends."""
    overall, now, found = Overall(per_second), 0.0, []
    while now < span:
        if overall.room(at(now)):
            assert overall.free_at <= at(now)
            overall.sent(at(now), 1)
            found.append(now)
        else:
            now += 0.001
    return found


def test_no_second_has_more_messages_than_the_limit() -> None:
    sent = times(30, 4)

    assert max(sum(t <= one < t + 1 for one in sent) for t in sent) <= 30
    assert sum(one == 0 for one in sent) == 5


def test_a_slow_channel_sends_one_at_a_time() -> None:
    assert [round(one, 2) for one in times(1 / 3, 7)] == [0.0, 3.0, 6.0]


def test_a_channel_without_a_limit_is_always_free() -> None:
    overall = Overall(0)
    overall.sent(NOW, 100)

    assert overall.free_at <= NOW
    assert overall.room(NOW) > 100


def test_a_lane_rests_once_its_burst_is_used_up() -> None:
    paces = Paces()
    for _ in range(3):
        paces.sent(LANE, NOW, 1, 1.0, 3)

    assert dict(paces.resting(NOW)) == {LANE: at(1)}
    assert dict(paces.resting(at(1))) == {}
    assert dict(paces.resting(at(1), can_wait=True)) == {LANE: at(2)}


def test_a_lane_that_has_rested_is_forgotten() -> None:
    paces = Paces()
    paces.sent(LANE, NOW, 1, 1.0, 3)

    assert dict(paces.resting(at(1))) == {}
    paces.sent(LANE, at(1), 2, 1.0, 3)
    assert dict(paces.resting(at(1))) == {}
