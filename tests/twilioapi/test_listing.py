"""The list of messages: its order, pages, days, and what is late in it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import SENDER, FakeTwilio
from tests.twilioapi.gateway import Gateway, Refused


async def test_newest_first_in_pages(gateway: Gateway, ann: Person) -> None:
    for n in range(5):
        await ann.says(f"{n}")
    shown = await gateway.listed(To=SENDER, PageSize="2")
    assert [one["body"] for one in shown] == ["4", "3", "2", "1", "0"]
    assert len(gateway.twilio.calls_of("messages.list")) == 3


async def test_the_order_is_that_of_their_times(gateway: Gateway, ann: Person) -> None:
    await ann.says("new")
    late = await ann.says("old")
    late.made -= timedelta(minutes=5)
    assert [one["body"] for one in await gateway.listed()] == ["new", "old"]


async def test_a_page_begins_behind_the_last_one_whatever_came_meanwhile(
    gateway: Gateway, ann: Person
) -> None:
    for n in range(3):
        await ann.says(f"{n}")
    page = await gateway.get(gateway.url("/Messages.json"), PageSize="2")
    await ann.says("new")
    rest = await gateway.get(gateway.twilio.base_url + page["next_page_uri"])
    assert [one["body"] for one in rest["messages"]] == ["0"]


async def test_a_page_needs_its_token(gateway: Gateway, ann: Person) -> None:
    await ann.says("hi")
    with pytest.raises(Refused, match="20006"):
        await gateway.listed(Page="1")


async def test_ends_and_directions(gateway: Gateway, ann: Person) -> None:
    await ann.says("in")
    await gateway.sends("out")
    assert [one["body"] for one in await gateway.listed(To=SENDER)] == ["in"]
    assert [one["body"] for one in await gateway.listed(From=SENDER)] == ["out"]


async def test_dates_are_days(twilio: FakeTwilio, gateway: Gateway, ann: Person) -> None:
    await ann.says("today")
    twilio.later(timedelta(days=1))
    await ann.says("tomorrow")
    day = datetime.fromisoformat(f"{twilio.world.now.date()}T23:59:59+00:00").astimezone(UTC)
    late = {"DateSent>": day.isoformat()}
    assert [one["body"] for one in await gateway.listed(**late)] == ["tomorrow"]
    before = {"DateSent<": (day - timedelta(days=1)).isoformat()}
    assert [one["body"] for one in await gateway.listed(**before)] == ["today"]


async def test_late_in_the_list_with_an_early_time(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    twilio.list_late(30)
    await ann.says("late")
    twilio.list_late(0)
    await ann.says("early")
    assert [one["body"] for one in await gateway.listed()] == ["early"]
    twilio.later(timedelta(seconds=31))
    assert [one["body"] for one in await gateway.listed()] == ["early", "late"]
