"""An update's way into the inbox."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.channels._telegram.intake import KEPT, QUARANTINE, Intake, update_id
from bot.channels._telegram.places import Places
from bot.channels._telegram.updates import House, Ignored
from tests.channels._telegram.rig import Desk, FakeMemory
from tests.channels._telegram.samples import (
    BOB,
    GROUP,
    ME,
    PHOTO,
    in_group,
    message,
    person,
    private,
    said,
    tap,
    update,
)


class Door:
    def __init__(self, house: House | None = None) -> None:
        self.memory, self.desk = FakeMemory(), Desk()
        self.places = Places(self.memory)
        self.edits: list[Ignored] = []
        rules = house or House(group_approvals=True, forum=GROUP)
        self.ahead = timedelta()
        self.intake = Intake(
            rules, self.places, self.memory, self.desk.accept, self._edited, lambda: self.ahead
        )

    async def _edited(self, ignored: Ignored) -> None:
        self.edits.append(ignored)


async def test_the_same_update_is_new_once() -> None:
    door = Door()
    assert await door.intake.take(tap(), ME)
    assert not await door.intake.take(tap(), ME)
    assert door.desk.texts == ["approve k3f9"]


@pytest.mark.parametrize(("ahead", "moved"), [(0.9, 0), (-1.5, 0), (-90, 90), (3600, -3600)])
async def test_when_it_was_written_is_told_by_our_clock(ahead: float, moved: int) -> None:
    door = Door()
    await door.intake.take(said("hello"), ME)
    door.ahead = timedelta(seconds=ahead)
    await door.intake.take(update("message", message("again"), 2000), ME)
    one, other = (inbound.sent_at for inbound in door.desk.taken)
    assert one is not None
    assert other == one + timedelta(seconds=moved)


async def test_photos_of_an_album_go_where_its_caption_says() -> None:
    door = Door()
    others = {"from": person(BOB), "chat": private(BOB)}
    photos: list[dict[str, Any]] = [
        {"caption": "/tell shop look at these", "media_group_id": "a"},
        {"media_group_id": "a"},
        {"media_group_id": "b"},
        {"media_group_id": "a", **others},
        {},
        {"media_group_id": "a", "caption": "and this"},
    ]
    for number, more in enumerate(photos):
        content = message(None, photo=PHOTO, **more)
        assert await door.intake.take(update("message", content, 1000 + number), ME)
    assert door.desk.texts == ["/tell shop look at these", "/tell shop", "", "", "", "and this"]


async def test_a_topic_gives_its_session() -> None:
    door = Door()
    await door.places.remember(str(GROUP), "a", 5)
    thread = {"message_thread_id": 5, "is_topic_message": True}
    await door.intake.take(in_group("run the tests", **thread), ME)
    assert door.desk.taken[0].session == "a"


async def test_a_group_that_moved_is_known_by_its_first_id() -> None:
    door = Door()
    await door.places.moved("-77", GROUP)
    await door.intake.take(in_group("@wingman_test_bot status"), ME)
    assert door.desk.taken[0].address == "-77"


async def test_an_edit_goes_no_further() -> None:
    door = Door()
    assert not await door.intake.take(update("edited_message", message("approve k3f9")), ME)
    assert not await door.intake.take({"update_id": 1, "poll": {}}, ME)
    assert [edit.user for edit in door.edits] == ["7001"]
    assert door.desk.taken == []


async def test_the_last_poison_is_kept_once_each() -> None:
    door = Door()
    for number in range(KEPT + 5):
        for _ in range(2):
            await door.intake.take({**said("x"), "update_id": number, "message": 5}, ME)
    kept = json.loads(door.memory.kept[QUARANTINE])
    assert [entry["update"] for entry in kept] == list(range(5, KEPT + 5))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ({"update_id": 7}, 7),
        ({"update_id": True}, None),
        ({"update_id": "7"}, None),
        ({"update_id": -1}, None),
        ({"update_id": 2**60}, None),
        ({}, None),
        ([], None),
        (None, None),
    ],
)
def test_only_a_number_can_be_confirmed(raw: object, number: int | None) -> None:
    assert update_id(raw) == number
