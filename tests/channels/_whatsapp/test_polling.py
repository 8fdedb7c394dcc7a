"""The list of messages: nothing of it is lost, and nothing taken twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._whatsapp.inbound import Line, Media
from bot.channels._whatsapp.intake import Intake
from bot.channels._whatsapp.memories import Directory
from bot.channels._whatsapp.outcomes import FOLLOWED
from bot.channels._whatsapp.polling import NEW, OVERLAP, Polling
from bot.channels._whatsapp.window import State
from bot.core.errors import StoreUnusable
from bot.core.fate import Fate
from bot.ports.channel import Unreachable
from tests.channels._whatsapp.cards import CARD
from tests.channels._whatsapp.rig import Parts
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, media_path, sid


class Rig(Parts):
    def __init__(self, hold: timedelta = timedelta()) -> None:
        super().__init__()
        self.hold = hold
        self.polling = self.again()

    def again(self) -> Polling:
        """As after a restart."""
        intake = Intake(self.api, self.windows, self.porter, self.desk.accept)
        return Polling(
            self.api,
            Line(ACCOUNT, SENDER),
            Directory(self.memory, (ANN,), self.windows.knows),
            self.offers,
            intake,
            self.outcomes,
            self.windows,
            self.memory,
            self.clock,
            self.hold,
        )

    async def says(self, text: str, number: int, *, ago: float = 0.0) -> None:
        self.api.lists(text, sid=sid(number), at=self.clock.now() - timedelta(seconds=ago))


async def test_what_comes_is_taken_once_and_in_its_order() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.says("one", 1)
    await rig.says("two", 2)
    await rig.polling.round()
    await rig.clock.advance(3)
    await rig.says("three", 3)
    for _ in range(3):
        await rig.polling.round()
    assert rig.desk.texts == ["one", "two", "three"]


async def test_one_that_appears_late_is_taken() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.clock.advance(600)
    await rig.says("newer", 2)
    await rig.polling.round()
    await rig.says("older", 1, ago=300)
    await rig.polling.round()
    assert rig.desk.texts == ["newer", "older"]


async def test_two_of_one_second_are_two_also_over_a_restart() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.says("one", 1)
    await rig.polling.round()
    await rig.says("two", 2)
    rig.desk.taken.clear()
    await rig.again().round()
    assert rig.desk.texts == ["two"]


async def test_what_came_while_nobody_was_there_is_read() -> None:
    rig = Rig()
    await rig.polling.round()
    for number in range(120):
        await rig.clock.advance(60)
        await rig.says(f"m{number}", number)
    await rig.again().round()
    assert rig.desk.texts == [f"m{number}" for number in range(120)]


async def test_what_is_older_than_a_day_is_left() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.says("old", 1)
    await rig.clock.advance(NEW.total_seconds() + 60)
    await rig.says("new", 2)
    await rig.again().round()
    assert rig.desk.texts == ["new"]


async def test_before_the_first_life_nothing_counts_but_who_wrote() -> None:
    rig = Rig()
    await rig.says("join the sandbox", 1, ago=3600)
    await rig.says("hello", 2, ago=2)
    await rig.polling.round()
    assert rig.desk.texts == ["hello"]
    assert rig.windows.looked
    other = Rig()
    await other.says("join the sandbox", 1, ago=3600)
    await other.polling.round()
    assert other.desk.texts == []
    assert (await other.windows.of(ANN)).state(other.clock.now()) is State.OPEN


async def test_a_first_life_that_ends_before_its_first_look_does_loses_nothing() -> None:
    """What was written since that life began is for the next one, and not of before us."""
    rig = Rig()
    rig.api.fails["listing"] = [Unreachable("killed")]
    with pytest.raises(Unreachable):
        await rig.polling.round()
    await rig.clock.advance(60)
    await rig.says("meanwhile", 1)
    await rig.clock.advance(60)
    await rig.again().round()
    assert rig.desk.texts == ["meanwhile"]


async def test_what_could_not_be_stored_comes_again() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.says("one", 1)
    await rig.says("two", 2)
    rig.desk.fails = [StoreUnusable("locked")]
    with pytest.raises(StoreUnusable):
        await rig.polling.round()
    await rig.polling.round()
    assert rig.desk.texts == ["one", "two"]


async def test_a_tap_is_its_command_by_its_title() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.open()
    card = await rig.sending.send(ANN, CARD)
    await rig.says("Approve k3f9", 1)
    await rig.polling.round()
    (tap,) = rig.desk.taken
    assert (tap.text, tap.tapped, tap.reply_to) == ("approve k3f9", True, card)


async def test_files_come_along_or_the_message_waits() -> None:
    rig = Rig()
    await rig.polling.round()
    rig.api.lists("look", sid=sid(1), media=1)
    rig.api.files[sid(1)] = [Media(media_path(1, 1), "image/png")]
    rig.api.fails["media"] = [Unreachable("no network")]
    with pytest.raises(Unreachable):
        await rig.polling.round()
    await rig.polling.round()
    (found,) = rig.desk.taken
    assert [file.name for file in found.files] == ["picture.png"]


async def test_where_messages_are_posted_the_list_is_a_second_chance() -> None:
    rig = Rig(hold=timedelta(seconds=60))
    await rig.polling.round()
    await rig.clock.advance(30)
    await rig.says("lost on its way", 1)
    await rig.polling.round()
    assert rig.desk.texts == []
    await rig.clock.advance(61)
    await rig.polling.round()
    assert rig.desk.texts == ["lost on its way"]


async def test_reports_are_read_while_any_is_missing() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.open()
    message = await rig.sending.send(ANN, CARD)
    rig.api.messages.clear()
    rig.api.lists("x", sid=message, outbound=True, status="undelivered", error=63024)
    await rig.polling.round()
    assert rig.told == [(message, Fate.FAILED, "63024")]
    rig.api.calls.clear()
    await rig.polling.round()
    assert rig.api.calls == ["listing"]


async def test_that_it_arrived_is_known_before_what_is_said_to_it() -> None:
    """A name decides only where the card has arrived."""
    rig = Rig()
    await rig.polling.round()
    await rig.open()
    message = await rig.sending.send(ANN, CARD)
    rig.api.messages.clear()
    rig.api.lists("x", sid=message, outbound=True, status="delivered")
    await rig.says("approve shop", 1)
    rig.desk.fails = [StoreUnusable("locked")]
    with pytest.raises(StoreUnusable):
        await rig.polling.round()
    assert rig.told == [(message, Fate.DELIVERED, "")]


async def test_what_became_of_messages_of_an_earlier_life_is_asked_for_once() -> None:
    rig = Rig()
    rig.api.lists("x", sid=sid(7), outbound=True, status="failed", error=63016)
    await rig.clock.advance(FOLLOWED.total_seconds() - 60)
    await rig.polling.round()
    assert rig.told == [(sid(7), Fate.BOUNCED, "63016")]
    await rig.polling.round()
    assert len(rig.told) == 1


async def test_nothing_new_is_nothing_to_write() -> None:
    rig = Rig()
    await rig.polling.round()
    await rig.says("one", 1)
    await rig.polling.round()
    kept = dict(rig.memory.kept)
    rig.memory.kept["position"] = "left alone"
    await rig.polling.round()
    assert rig.memory.kept["position"] == "left alone"
    assert "position" in kept


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.floats(0, OVERLAP.total_seconds() - 5)),
        st.tuples(st.just("passes"), st.floats(0, 900)),
        st.tuples(st.sampled_from(["round", "restart", "fails"]), st.just(0.0)),
    ),
    max_size=40,
)


@given(STEPS)
async def test_whatever_happens_each_is_taken_exactly_once(
    steps: list[tuple[str, float]],
) -> None:
    """Messages may appear up to the overlap later than they were sent, and the inbox forgets."""
    rig = Rig()
    await rig.polling.round()
    await rig.clock.advance(OVERLAP.total_seconds())
    taken: list[str] = []
    said: list[str] = []
    for step, amount in steps:
        match step:
            case "says":
                said.append(f"m{len(said)}")
                await rig.says(said[-1], len(said), ago=amount)
            case "passes":
                await rig.clock.advance(amount)
            case "restart":
                rig.polling = rig.again()
            case "fails":
                rig.api.fails["listing"] = [Unreachable("no network")]
                with pytest.raises(Unreachable):
                    await rig.polling.round()
            case _:
                await rig.polling.round()
    await rig.polling.round()
    taken += rig.desk.texts
    assert sorted(taken) == sorted(said)
