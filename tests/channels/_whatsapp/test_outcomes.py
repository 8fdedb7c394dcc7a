"""What became of a message, and who is told."""

from __future__ import annotations

import pytest

from bot.channels._whatsapp.outcomes import FOLLOWED, MOST
from bot.channels._whatsapp.window import State
from bot.core.errors import StoreUnusable
from bot.core.fate import Fate
from tests.channels._whatsapp.rig import Parts
from tests.channels._whatsapp.samples import ANN, sid


async def sent(parts: Parts, number: int = 1) -> str:
    await parts.outcomes.sent(ANN, sid(number))
    return sid(number)


async def test_each_step_is_told_once() -> None:
    parts = Parts()
    message = await sent(parts)
    for status in ("queued", "queued", "sent", "delivered", "delivered", "read", "odd"):
        await parts.outcomes.status(message, status, 0)
    assert [fate for _, fate, _ in parts.told] == [
        Fate.QUEUED,
        Fate.SENT,
        Fate.DELIVERED,
        Fate.READ,
    ]


async def test_a_message_of_an_earlier_life_is_told_too() -> None:
    parts = Parts()
    await parts.outcomes.status(sid(5), "delivered", 0)
    assert parts.told == [(sid(5), Fate.DELIVERED, "")]


async def test_a_window_that_was_closed_is_closed() -> None:
    parts = Parts()
    await parts.open()
    message = await sent(parts)
    await parts.outcomes.status(message, "failed", 63016)
    assert parts.told == [(message, Fate.BOUNCED, "63016")]
    assert (await parts.windows.of(ANN)).state(parts.clock.now()) is State.CLOSED


@pytest.mark.parametrize(
    ("code", "fate"), [(63018, Fate.BOUNCED), (63024, Fate.FAILED), (63013, Fate.FAILED)]
)
async def test_what_may_arrive_later_has_bounced(code: int, fate: Fate) -> None:
    parts = Parts()
    message = await sent(parts)
    await parts.outcomes.status(message, "undelivered", code)
    assert parts.told == [(message, fate, str(code))]


async def test_what_could_not_be_kept_is_told_again() -> None:
    parts = Parts()
    message = await sent(parts)
    kept: list[Fate] = []

    async def tell(message: str, fate: Fate, error: str) -> None:
        kept.append(fate)
        if len(kept) == 1:
            raise StoreUnusable("locked")

    parts.outcomes.on_receipt(tell)
    with pytest.raises(StoreUnusable):
        await parts.outcomes.status(message, "delivered", 0)
    for _ in range(2):
        await parts.outcomes.status(message, "delivered", 0)
    assert kept == [Fate.DELIVERED, Fate.DELIVERED]


async def test_who_wrote_since_keeps_the_window_open() -> None:
    parts = Parts()
    message = await sent(parts)
    await parts.clock.advance(60)
    await parts.open()
    await parts.outcomes.status(message, "failed", 63016)
    assert (await parts.windows.of(ANN)).state(parts.clock.now()) is State.OPEN


@pytest.mark.parametrize(
    ("code", "key", "cure"),
    [
        (63007, "sender", "WINGMAN_WHATSAPP__FROM"),
        (20003, "account", "WINGMAN_WHATSAPP__ACCOUNT_SID"),
        (63015, f"sandbox:{ANN}", "send the join words"),
        (21608, f"trial:{ANN}", "Verified Caller IDs"),
    ],
)
async def test_trouble_has_its_line(code: int, key: str, cure: str) -> None:
    parts = Parts()
    await parts.outcomes.status(await sent(parts), "undelivered", code)
    assert cure in parts.desk.standing[key]
    assert "\n" not in parts.desk.standing[key]


@pytest.mark.parametrize("code", [63016, 63027, 21655])
async def test_a_template_that_does_not_arrive_is_not_approved(code: int) -> None:
    parts = Parts()
    await parts.outcomes.sent(ANN, sid(1), is_template=True)
    await parts.outcomes.status(sid(1), "failed", code)
    assert "WINGMAN_WHATSAPP__TEMPLATE_SID" in parts.desk.standing[f"window:{ANN}"]


async def test_when_something_arrives_the_sandbox_is_well_again() -> None:
    parts = Parts()
    await parts.outcomes.status(await sent(parts, 1), "failed", 63015)
    await parts.outcomes.status(await sent(parts, 2), "delivered", 0)
    assert parts.desk.standing == {}


async def test_one_that_nobody_wants_to_hear_of_alarms_nobody() -> None:
    parts = Parts()
    await parts.outcomes.status(await sent(parts), "failed", 63024)
    assert parts.desk.standing == {}


async def test_what_is_not_known_yet_is_followed_and_not_for_ever() -> None:
    parts = Parts()
    assert parts.outcomes.open_since() is None
    first = await sent(parts, 1)
    begun = parts.clock.now()
    await parts.clock.advance(10)
    await sent(parts, 2)
    assert parts.outcomes.open_since() == begun
    await parts.outcomes.status(first, "delivered", 0)
    assert parts.outcomes.open_since() == parts.clock.now()
    await parts.clock.advance(FOLLOWED.total_seconds())
    assert parts.outcomes.open_since() is None


async def test_only_so_many_are_followed() -> None:
    parts = Parts()
    for number in range(MOST + 5):
        await sent(parts, number)
    assert len(parts.outcomes._sent) == MOST
