"""One person with Telegram and WhatsApp: first answer wins, and the other phone is told once."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.botapi.chats import Message as Card
from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.twilioapi.messages import Message
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}
CLEAN = {"bash": "rm -rf dist", "id": "clean", "about": "Clean up"}
PUBLIC = "https://wingman.example.org"
NUMBER = "+491701234567"
TOLD = 1.0
"""Seconds in which a second telling would have come."""


class Both:
    """Ann has Telegram, and WhatsApp on the same phone."""

    def __init__(self, directory: Path, telegram: FakeBotApi, twilio: FakeTwilio) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port: int = taken.getsockname()[1]
        self.twilio = twilio
        self.there: Person = twilio.person(NUMBER, "Ann")
        twilio.webhook_url = f"{PUBLIC}/twilio/webhook"
        twilio.reachable_at.append(f"http://127.0.0.1:{port}")
        self.home = Home(
            directory,
            telegram,
            WHATSAPP__ACCOUNT_SID=twilio.account,
            WHATSAPP__AUTH_TOKEN=twilio.token,
            WHATSAPP__FROM=twilio.sender,
            WHATSAPP__ALLOWED_NUMBERS=NUMBER,
            WHATSAPP__API_BASE=twilio.base_url,
            WHATSAPP__CONTENT_API_BASE=twilio.base_url,
            WEB__PUBLIC_URL=PUBLIC,
            WEB__PORT=str(port),
        )
        self.here = self.home.ann

    async def shown(self, words: str) -> tuple[Card, Message]:
        return await self.here.chat.shows(words), await self.there.shows(words)


@pytest.fixture
async def both(tmp_path: Path, telegram: FakeBotApi, twilio: FakeTwilio) -> AsyncIterator[Both]:
    made = Both(tmp_path, telegram, twilio)
    async with made.home.open():
        await made.there.says("ping")
        await made.there.shows("pong")
        yield made


async def test_the_first_answer_wins_and_the_other_phone_is_told_once(both: Both) -> None:
    """Telegram's card is changed in its place; on WhatsApp one short line follows."""
    both.home.crew.hire("shop", BUILD)
    card, there = await both.shown("npm run build")
    await both.here.taps(card, "Approve")
    await until(lambda: both.home.did() == [("allowed", "build")])
    told = await both.there.shows("approved (once)")
    assert len(told.body) < 200
    assert not told.buttons
    await spend(TOLD)
    assert [text for text in both.there.texts if "approved (once)" in text] == [told.body]
    assert "approved (once)" in card.text
    await both.there.taps(there, _titled(there, "Approve"))
    await both.there.shows("settled already")
    assert both.home.did() == [("allowed", "build")]

    both.home.crew.hire("docs", CLEAN)
    card, there = await both.shown("rm -rf dist")
    seen = len(both.here.chat.from_bot)
    await both.there.taps(there, _titled(there, "Deny"))
    await until(lambda: ("denied", "clean") in both.home.did())
    await until(lambda: "denied" in card.text and not card.labels)
    told = await both.there.shows("denied")
    await spend(TOLD)
    assert len(both.here.chat.from_bot) == seen
    assert [text for text in both.there.texts if "denied" in text] == [told.body]


async def test_an_answer_at_the_terminal_closes_it_on_both(both: Both) -> None:
    both.home.crew.hire("shop", BUILD)
    card, there = await both.shown("npm run build")

    await both.home.crew.enter("shop")

    await until(lambda: both.home.did() == [("allowed", "build")])
    await until(lambda: "at the terminal" in card.text and not card.labels)
    told = await both.there.shows("at the terminal")
    assert not told.buttons
    await both.there.taps(there, _titled(there, "Deny"))
    await both.there.shows("settled already")
    assert both.home.did() == [("allowed", "build")]


async def test_taps_on_both_at_once_press_one_key(both: Both) -> None:
    both.home.crew.hire("shop", BUILD)
    card, there = await both.shown("npm run build")
    await both.here.taps(card, "Approve")
    await both.there.taps(there, _titled(there, "Deny"))
    await until(both.home.did)
    await spend(TOLD)
    [(how, _)] = both.home.did()
    words = "approved (once)" if how == "allowed" else "denied"
    await until(lambda: words in card.text)
    await both.there.shows(words)


async def test_what_did_not_arrive_on_whatsapp_is_told_on_telegram_and_counts_as_not_told(
    both: Both,
) -> None:
    """Twilio takes the card, and reports later that it was not brought."""
    both.there.blocks(63003)
    both.home.crew.hire("shop", BUILD)
    card = await both.here.chat.shows("npm run build")
    lost = "WhatsApp did not bring a message to Ann: it did not arrive (error 63003)"
    await both.here.chat.shows(lost)
    both.there.unblocks()
    await both.there.says("approve shop")
    await both.there.shows("shows a prompt you have not been sent yet")
    assert both.home.did() == []
    await both.here.taps(card, "Approve")
    await until(lambda: both.home.did() == [("allowed", "build")])
    assert [m.text for m in both.here.chat.from_bot].count(lost) == 1


def _titled(card: Message, beginning: str) -> str:
    return next(title for title in card.titles if title.startswith(beginning))
