"""Which recipients may be sent something now."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.channel import Capabilities
from bot.services.lanes import Lanes
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock, virtual

LANE = ("fake", "chat-1")


def slow(pause: float = 0.0, per_second: float = 0.0) -> FakePhone:
    can = Capabilities(buttons=True, edits=True, text_limit=4096, per_second=per_second)
    return FakePhone("fake", capabilities=can, allowed={"1": LANE[1]}, pauses={LANE[1]: pause})


@virtual
async def test_a_lane_that_was_taken_is_free_when_it_is_let_go() -> None:
    lanes = Lanes([slow()], VirtualClock())
    assert lanes.is_free(LANE)
    lanes.take(LANE)
    assert not lanes.is_free(LANE)
    assert lanes.is_free(("fake", "chat-2"))
    lanes.let_go(LANE)
    assert lanes.is_free(LANE)


@virtual
async def test_a_lane_rests_at_its_pace_and_when_it_is_held() -> None:
    clock, phone = VirtualClock(), slow(pause=3)
    lanes = Lanes([phone], clock)
    lanes.sent(phone, LANE[1], 1, counts=False)
    assert lanes.is_free(LANE)
    lanes.sent(phone, LANE[1], 1, counts=True)
    assert not lanes.is_free(LANE)
    assert lanes.until("fake", [*lanes.resting("fake").values()]) == 3
    await clock.sleep(3)
    assert lanes.is_free(LANE)
    lanes.hold(LANE, clock.now() + timedelta(seconds=9))
    assert not lanes.is_free(LANE)


@virtual
async def test_a_channel_that_is_full_has_no_free_lane() -> None:
    lanes = Lanes([slow(per_second=6)], VirtualClock())
    lanes.take(("fake", "chat-2"))
    assert lanes.room("fake") == 0
    assert not lanes.is_free(LANE)
