"""What goes wrong between the gateway and Telegram is told where it still can be, and gets right
again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}


async def hears(home: Home, words: str, within: float = 20) -> None:
    """At the local phone."""
    await until(lambda: home.desk.heard(words), within, every=0.2)


async def test_a_second_poller_is_told_elsewhere_and_outlasted(home: Home) -> None:
    home.telegram.conflict()
    await hears(home, "Another program receives this Telegram bot's messages")
    await home.ann.says("ping")
    await home.ann.chat.shows("pong", within=30)
    assert not home.ann.chat.find("Another program")


async def test_a_token_that_is_taken_no_more_is_told_elsewhere(home: Home) -> None:
    home.telegram.revoke_token()
    await hears(home, "Telegram does not take the bot's token")
    home.crew.hire("shop", BUILD)
    await hears(home, "npm run build")
    assert not await home.desk.heard(home.telegram.token)
    assert home.telegram.token not in home.gateway.log.read_text()


async def test_whoever_blocks_the_bot_is_not_reached_and_others_hear_of_it(
    tmp_path: Path, telegram: FakeBotApi
) -> None:
    bob = telegram.person(7002, "Bob")
    made = Home(tmp_path, telegram, TELEGRAM__ALLOWED_USERS="7001,7002")
    async with made.open() as home:
        await bob.blocks()
        home.crew.hire("shop", BUILD)
        card = await home.ann.chat.shows("npm run build", within=20)
        told = await home.ann.chat.shows("Telegram does not reach 7002 any more")
        await hears(home, "Telegram does not reach 7002 any more")
        await hears(home, "npm run build")
        await bob.unblocks()
        await home.ann.taps(card, "Approve")
        await until(lambda: home.did() == [("allowed", "build")])
        await bob.says("ping")
        await bob.chat.shows("pong")
        assert len([m for m in home.ann.chat.from_bot if m.text == told.text]) == 1
