"""What ``why`` is about: as it is named, or as the message it replies to says."""

from __future__ import annotations

from pathlib import Path

from tests.support.virtual import virtual
from tests.support.world import World, running


@virtual
async def test_in_a_reply_it_is_about_that_message(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        told = await world.hears("why", card.ref)
        assert told.notice.title.startswith(f"{card.notice.code}: session 'shop' waits")
        pane.dead = True
        await world.sweeps()
        title = "⏹ Session 'shop' ended: its program has ended"
        await world.soon(lambda: title in world.phone.titles() or None, "how it ended")
        told = await world.hears("why shop")
        assert told.notice.title == "What was told of 'shop', newest first"
        assert f"{title}\n· Fake: sent" in told.text
        told = await world.hears(f"why {card.notice.code}")
        assert told.notice.title.startswith(f"{card.notice.code}: ")


@virtual
async def test_nothing_was_told_of_it(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        world.session("shop")
        world.session("shop-2")
        await world.known("shop", "shop-2")
        told = await world.hears("why shop-2")
        assert told.notice.parts[0].text == "Nothing was to be told of it in the last 24 hours."
        assert (await world.hears("why sho")).notice.title.startswith("Which one?")
