"""From a phone with WhatsApp to an agent and back: the whole gateway, and tmux as it is.

The same by post and by list: a tap carries its command only where it is posted."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.crew import Crew
from tests.support.process import GatewayProcess
from tests.support.twilioapi.messages import Message
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}
CLEAN = {"bash": "rm -rf dist", "id": "clean", "about": "Clean up"}


PUBLIC = "https://wingman.example.org"
READING = 0.5
"""Nobody answers before the gateway knows that its message was taken."""


class Home:
    """Ann, her agents, and the gateway between them."""

    def __init__(self, directory: Path, twilio: FakeTwilio, *, posted: bool) -> None:
        self.twilio = twilio
        self.ann: Person = twilio.person("+491701234567", "Ann")
        self.crew = Crew(directory, {})
        given = {
            "WHATSAPP__ACCOUNT_SID": twilio.account,
            "WHATSAPP__AUTH_TOKEN": twilio.token,
            "WHATSAPP__FROM": twilio.sender,
            "WHATSAPP__ALLOWED_NUMBERS": self.ann.number,
            "WHATSAPP__API_BASE": twilio.base_url,
            "WHATSAPP__CONTENT_API_BASE": twilio.base_url,
            "WHATSAPP__POLL_INTERVAL": "0.2",
        }
        if posted:
            port = _free_port()
            given |= {"WEB__PUBLIC_URL": PUBLIC, "WEB__PORT": str(port)}
            twilio.webhook_url = f"{PUBLIC}/twilio/webhook"
            twilio.reachable_at.append(f"http://127.0.0.1:{port}")
        self.gateway = GatewayProcess(directory, self.crew.socket, **given)

    async def up(self) -> None:
        """The gateway is up, and Ann has written, so that it may write."""
        await self.gateway.up()
        await self.ann.says("ping")
        await self.shows("pong")

    async def shows(self, words: str, after: Message | None = None) -> Message:
        def found() -> Message | None:
            seen = self.ann.messages
            begun = seen.index(after) + 1 if after else 0
            return next((message for message in seen[begun:] if words in message.body), None)

        shown = await self.ann.until(found, f"{words!r}", within=20)
        await spend(READING)
        return shown

    def did(self) -> list[tuple[str, str]]:
        wanted = ("allowed", "denied")
        return [(e["event"], e["dialog"]) for e in self.crew.events() if e["event"] in wanted]


def titled(card: Message, beginning: str) -> str:
    return next(title for title in card.titles if title.startswith(beginning))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(params=[True, False], ids=["posted", "listed"])
async def home(
    request: pytest.FixtureRequest, tmp_path: Path, twilio: FakeTwilio
) -> AsyncIterator[Home]:
    made = Home(tmp_path, twilio, posted=request.param)
    try:
        await made.up()
        yield made
    finally:
        await made.gateway.down()
        made.crew.end()


async def test_a_quick_reply_decides_once_and_one_message_says_so(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.shows("npm run build")
    approve = titled(card, "Approve")
    await home.ann.taps(card, approve)
    await until(lambda: home.did() == [("allowed", "build")])
    first = await home.shows("approved (once)", after=card)
    await spend(2)
    assert len([text for text in home.ann.texts if "approved (once)" in text]) == 1
    await home.ann.taps(card, approve)
    await home.shows("already", after=first)
    assert home.did() == [("allowed", "build")]


async def test_typed_words_decide_and_a_reply_needs_no_name(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    await home.shows("npm run build")
    await home.ann.says("approve shop")
    await until(lambda: home.did() == [("allowed", "build")])
    home.crew.hire("docs", CLEAN)
    card = await home.shows("rm -rf dist")
    code = titled(card, "Deny").split()[1]
    await home.ann.says(f"deny {code}")
    await until(lambda: ("denied", "clean") in home.did())


async def test_what_was_answered_at_the_terminal_is_said_once_and_shortly(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.shows("npm run build")
    await home.crew.enter("shop")
    await until(lambda: home.did() == [("allowed", "build")])
    told = await home.shows("Answered at the terminal", after=card)
    assert len(told.body) < 200
    assert not told.buttons
    await spend(2)
    assert home.ann.texts.count(told.body) == 1


async def test_a_killed_gateway_answers_what_was_said_meanwhile(home: Home) -> None:
    """By post too: the list is read when it comes back. A message that nobody took at its
    address is left to it for a minute."""
    home.crew.hire("shop", BUILD)
    card = await home.shows("npm run build")
    approve = titled(card, "Approve")
    home.gateway.kill()
    tap = await home.ann.taps(card, approve)
    if home.twilio.webhook_url:
        tap.made -= timedelta(minutes=1)
    await home.gateway.up()
    await until(lambda: home.did() == [("allowed", "build")], within=20)
    await home.shows("approved (once)", after=card)


async def test_whoever_signs_nothing_is_refused_and_noted(home: Home) -> None:
    if not home.twilio.webhook_url:
        return
    form = {**home.ann.form(home.twilio.world.messages[0]), "Body": "approve shop"}
    post = await home.twilio.poster.send(home.twilio.webhook_url, form, "forged")
    assert post.status == 403
    with sqlite3.connect(home.gateway.state / "wingman.db") as ledger:
        (noted,) = ledger.execute("SELECT count(*) FROM audit WHERE event = 'webhook.refused'")
    ledger.close()
    assert noted == (1,)
