"""The channel as part of a whole gateway: what was taken and did not arrive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.channels import ChannelContext
from bot.channels._whatsapp.channel import WhatsApp
from bot.settings import Settings, WhatsAppSettings
from tests.channels._whatsapp.rig import TEMPLATE, FakeApi, FakeMemory
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, TOKEN, sid
from tests.support.chatlog import FakeChatLog
from tests.support.virtual import VirtualClock, skip, virtual
from tests.support.world import World, running

GIVEN: dict[str, Any] = {
    "account_sid": ACCOUNT,
    "auth_token": TOKEN,
    "from": SENDER,
    "allowed_numbers": ANN,
    "template_sid": TEMPLATE,
    "mode": "polling",
}


class Line:
    """Ann's phone and Twilio's list, as far as she sees of it."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.api = FakeApi(self.clock)
        settings = Settings(whatsapp=WhatsAppSettings.model_validate(GIVEN))
        context = ChannelContext(settings, FakeChatLog(self.clock), self.clock, FakeMemory())
        self.channel = WhatsApp(context, self.api, lambda path, form, headers: True)
        self._count = 0

    def says(self, text: str) -> None:
        self._count += 1
        self.api.lists(text, sid=sid(self._count))

    def becomes(self, status: str, error: int = 0) -> None:
        """All that is on its way."""
        self.api.messages = [
            replace(one, status=status, error=error) if one.outbound and not one.status else one
            for one in self.api.messages
        ]

    def seen(self) -> list[str]:
        return [one.body for one in self.api.messages if one.outbound and not one.error]


@virtual
async def test_at_a_window_that_was_closed_a_template_tells_and_the_card_comes_later(
    tmp_path: Path,
) -> None:
    line = Line()
    async with running(World(tmp_path, more_channels=(line.channel,))) as world:
        line.says("ping")
        await world.soon(lambda: line.seen() or None, "an answer")
        line.becomes("delivered")
        pane = world.session("shop")
        world.asks(pane, "make")
        await world.soon(lambda: "make" in line.seen()[-1] or None, "the card")
        line.becomes("failed", 63016)
        assert len(line.seen()) == 1
        await world.passes(30)
        assert line.seen()[1:] == ["Wingman: 1 session waits for you: shop."]
        line.becomes("delivered")
        line.says("ok")
        await world.soon(lambda: "make" in line.seen()[-1] or None, "the card again")
        line.becomes("delivered")
        await world.passes(10)
        line.says("approve shop")
        await world.soon(lambda: pane.agent.keys or None, "a key")


@virtual
async def test_an_answer_that_did_not_arrive_goes_to_the_other_channel(tmp_path: Path) -> None:
    line = Line()
    async with running(World(tmp_path, more_channels=(line.channel,))) as world:
        line.says("ping")
        await world.soon(lambda: line.seen() or None, "an answer")
        line.becomes("undelivered", 63024)
        await world.soon(lambda: "pong" in world.phone.titles() or None, "the answer elsewhere")
        trouble = f"Whatsapp did not bring a message to {ANN}: it did not arrive (error 63024)"
        assert world.phone.titles().count(trouble) == 1


@virtual
async def test_the_list_of_sessions_says_how_long_it_is_open_and_what_was_sent(
    tmp_path: Path,
) -> None:
    line = Line()
    async with running(World(tmp_path, more_channels=(line.channel,))) as world:
        before = await world.hears("status")
        assert "WhatsApp is" not in before.text
        line.says("ping")
        await world.soon(lambda: line.seen() or None, "an answer")
        skip(2 * 3600)
        await world.passes(60)
        shown = await world.hears("status")
        assert "WhatsApp is open for 21 h\nWhatsApp messages this month: 1" in shown.text
        world.session("shop")
        await world.soon(lambda: "shop" in shown.text or None, "the list, changed in its place")
        assert "WhatsApp is open for 21 h" in shown.text
        skip(22 * 3600)
        await world.passes(60)
        shown = await world.hears("status")
        assert "WhatsApp is closed: write to it there" in shown.text
