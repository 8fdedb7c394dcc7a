"""What is remembered over a restart, and of whom."""

from datetime import UTC, datetime

from bot.channels._whatsapp.keys import Key, Keys
from bot.channels._whatsapp.memories import OFFERS, Bill, Directory, Offers, Waiting
from tests.channels._whatsapp.rig import FakeMemory
from tests.channels._whatsapp.samples import ANN, BOB, sid


def directory(memory: FakeMemory, *people: str) -> Directory:
    async def knows(address: str) -> bool:
        return address in people

    return Directory(memory, people, knows)


async def test_who_sent_both_is_known_by_either() -> None:
    memory = FakeMemory()
    people = directory(memory, ANN)
    assert await people.user("", "ID.7") == "ID.7"
    assert await people.user(ANN, "ID.7") == ANN
    assert await directory(memory, ANN).user("", "ID.7") == ANN
    assert await directory(memory, BOB).user("", "ID.7") == "ID.7"


async def test_of_strangers_nothing_is_kept() -> None:
    memory = FakeMemory()
    people = directory(memory, ANN)
    assert await people.user(BOB, "ID.8") == BOB
    assert memory.kept == {}


async def test_an_id_may_be_on_the_list_itself() -> None:
    people = directory(FakeMemory(), "US.134")
    assert await people.user("", "US.134") == "US.134"
    assert await people.user(ANN, "US.134") == "US.134"


async def test_a_title_means_the_newest_button_of_that_name() -> None:
    memory = FakeMemory()
    offers = Offers(memory)
    await offers.remember(ANN, Keys((Key("Yes", "choose k3f9 1"), Key("No", "deny k3f9"))), sid(1))
    await offers.remember(ANN, Keys((Key("Yes", "choose m2p4 1"),)), sid(2))
    for known in (offers, Offers(memory)):
        assert await known.tap(ANN, "Yes") == ("choose m2p4 1", sid(2))
        assert await known.tap(ANN, "No") == ("deny k3f9", sid(1))
        assert await known.tap(ANN, "Nope") == ("", "")
        assert await known.tap(BOB, "Yes") == ("", "")


async def test_old_offers_are_forgotten() -> None:
    offers = Offers(FakeMemory())
    for number in range(OFFERS + 1):
        await offers.remember(ANN, Keys((Key(f"s{number}", f"status s{number}"),)), sid(number))
    assert await offers.tap(ANN, "s0") == ("", "")
    assert await offers.tap(ANN, "s1") == ("status s1", sid(1))


async def test_what_waits_is_named_once_a_session() -> None:
    memory = FakeMemory()
    waiting = Waiting(memory)
    await waiting.add(ANN, "k3f9", "shop")
    await waiting.add(ANN, "m2p4", "docs")
    await waiting.add(ANN, "x2y3", "shop")
    await waiting.settled(ANN, "m2p4")
    await waiting.settled(ANN, "none")
    for known in (waiting, Waiting(memory)):
        assert await known.sessions(ANN) == ["shop"]
        assert await known.sessions(BOB) == []


async def test_the_bill_is_by_month() -> None:
    bill = Bill(FakeMemory())
    november, december = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    for at in (november, november, december):
        await bill.add(at)
    assert (await bill.of(november), await bill.of(december)) == (2, 1)
