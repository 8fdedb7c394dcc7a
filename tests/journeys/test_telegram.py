"""From a phone with Telegram to an agent and back: the whole gateway, and tmux as it is."""

from __future__ import annotations

import pytest

from tests.support.home import Home
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}
CLEAN = {"bash": "rm -rf dist", "id": "clean", "about": "Clean up"}


async def test_a_message_is_answered(home: Home) -> None:
    said = await home.ann.says("help")
    answer = await home.ann.chat.shows("approve")
    assert answer.id > said.id
    assert not answer.silent


async def test_a_tap_decides_and_the_card_says_so(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.ann.chat.shows("npm run build", within=20)
    tap = await home.ann.taps(card, "Approve")
    assert "approved" in await tap.answered()
    await until(lambda: home.did() == [("allowed", "build")])
    await until(lambda: "approved (once)" in card.text)
    assert not card.buttons


async def test_a_reply_decides_the_card_it_answers(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    home.crew.hire("docs", CLEAN)
    await home.ann.chat.shows("npm run build", within=20)
    card = await home.ann.chat.shows("rm -rf dist", within=20)
    await home.ann.says("deny", reply_to=card)
    await until(lambda: home.did() == [("denied", "clean")])


async def test_a_stranger_decides_nothing_and_hears_nothing(home: Home) -> None:
    mallory = home.telegram.person(6660, "Mallory")
    home.crew.hire("shop", BUILD)
    card = await home.ann.chat.shows("npm run build", within=20)
    code = card.button("Approve").data
    await mallory.says(code)
    await mallory.presses(card, code)
    await home.ann.says("whoami")
    await home.ann.chat.shows("7001")
    assert home.did() == []
    assert mallory.chat.from_bot == []
    assert card.labels


async def test_a_killed_gateway_answers_what_was_said_meanwhile(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.ann.chat.shows("npm run build", within=20)
    home.gateway.kill()
    await home.ann.taps(card, "Approve")
    await home.gateway.up()
    await until(lambda: home.did() == [("allowed", "build")], within=20)
    await until(lambda: "approved (once)" in card.text)
