"""Nobody but those on a channel's list becomes a person who may act."""

from __future__ import annotations

import pytest

from bot.core.decisions import Inbound, Principal
from bot.core.ids import EventId
from bot.services.gate import Gate
from tests.support.phone import FakePhone


def inbound(channel: str = "fake", user: str = "1", name: str = "Ann") -> Inbound:
    return Inbound(channel, EventId("e"), user, name, f"chat-{user}", "approve shop")


def gate(**allowed: dict[str, str]) -> Gate:
    return Gate([FakePhone(id_, allowed=people) for id_, people in allowed.items()])


def test_who_is_on_the_list_may_act() -> None:
    admitted = gate(fake={"1": "chat-1"}).admit(inbound())
    assert admitted == Principal("fake", "1", "Ann", "chat-1")


@pytest.mark.parametrize(
    "stranger",
    [
        inbound(user="2"),
        inbound(user="2", name="1"),
        inbound(user="chat-1"),
        inbound(user=""),
        inbound(user="1 "),
        inbound(user="01"),
        inbound(channel="other"),
        inbound(channel="cli", user="owner"),
        inbound(channel=""),
    ],
    ids=range(9),
)
def test_everybody_else_is_a_stranger(stranger: Inbound) -> None:
    assert gate(fake={"1": "chat-1"}, other={"9": "chat-9"}).admit(stranger) is None


def test_an_empty_list_lets_nobody_in() -> None:
    assert gate(fake={}).admit(inbound()) is None


def test_who_is_taken_off_the_list_may_act_no_more() -> None:
    phone = FakePhone(allowed={"1": "chat-1"})
    doors = Gate([phone])
    assert doors.admit(inbound()) is not None
    phone.allowed.clear()
    assert doors.admit(inbound()) is None


def test_who_was_paired_may_act_on_that_channel_and_no_longer_than_that() -> None:
    paired = {"fake": {"2": "chat-2"}}
    phones = [FakePhone(id_, allowed={"1": "chat-1"}) for id_ in ("fake", "other")]
    doors = Gate(phones, lambda channel: paired.get(channel, {}))
    bob = Principal("fake", "2", "Ann", "chat-2")
    assert doors.admit(inbound(user="2")) == bob
    assert doors.admit(inbound(user="1")) is not None
    assert doors.admit(inbound("other", user="2")) is None
    assert doors.admit(inbound(user="chat-2")) is None
    paired.clear()
    assert doors.admit(inbound(user="2")) is None


def test_a_channel_that_is_off_lets_in_nobody_who_was_paired_there() -> None:
    doors = Gate([FakePhone("other")], lambda _: {"2": "chat-2"})
    assert doors.admit(inbound(user="2")) is None


def test_the_owner_at_the_machine_is_another_person_than_anybody_on_a_channel() -> None:
    doors = gate(cli={"1": "chat-1"})
    assert doors.admit_owner("Ann").id == "cli:owner"
    assert doors.admit(inbound(channel="cli", user="owner")) is None
