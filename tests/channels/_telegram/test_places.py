"""Topics and moved groups are known again after a restart."""

import json

import pytest

from bot.channels._telegram.places import KEY, MOST, Places
from tests.channels._telegram.rig import FakeMemory


async def test_a_topic_is_found_from_both_sides_and_kept() -> None:
    memory = FakeMemory()
    await Places(memory).remember("7001", "a", 5)
    again = Places(memory)
    assert await again.thread("7001", "a") == 5
    assert await again.session("7001", "5") == "a"
    assert await again.thread("7002", "a") is None
    assert await again.session("7002", "5") == await again.session("7001", "") == ""
    await again.forget("7001", "a")
    await again.forget("7001", "a")
    assert await Places(memory).thread("7001", "a") is None


async def test_a_new_topic_takes_the_place_of_the_old_one() -> None:
    places = Places(FakeMemory())
    await places.remember("7001", "a", 5)
    await places.remember("7001", "a", 9)
    assert (await places.session("7001", "5"), await places.session("7001", "9")) == ("", "a")


async def test_only_so_many_are_kept_the_newest_ones() -> None:
    memory = FakeMemory()
    places = Places(memory)
    for number in range(MOST + 1):
        await places.remember("7001", f"s{number}", number)
    assert await places.thread("7001", "s0") is None
    assert await places.thread("7001", f"s{MOST}") == MOST
    assert len(json.loads(memory.kept[KEY])["threads"]["7001"]) == MOST


async def test_a_group_that_moved_keeps_its_first_id_as_address() -> None:
    memory = FakeMemory()
    assert await Places(memory).chat("-77") == -77
    await Places(memory).moved("-77", -1005)
    again = Places(memory)
    assert await again.chat("-77") == -1005
    assert await again.address("-1005") == "-77"
    assert await again.address("-77") == "-77"
    assert await again.address("7001") == "7001"


async def test_what_is_no_chat() -> None:
    with pytest.raises(ValueError, match="somebody"):
        await Places(FakeMemory()).chat("somebody")
