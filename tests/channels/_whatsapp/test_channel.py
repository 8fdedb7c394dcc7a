"""The channel against a Twilio on loopback, by list and by post."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.fate import Fate
from bot.ports.channel import (
    Channel,
    MessageGone,
    Parked,
    Rejected,
    RetryLater,
    Unreachable,
)
from bot.ports.receipts import Receipted
from bot.ports.webhook import Webhooked
from tests.channels._whatsapp.cards import CARD, CLOSED, WORDS
from tests.channels._whatsapp.home import PUBLIC, Rig
from tests.channels._whatsapp.home import posted as posted
from tests.channels._whatsapp.home import rig as rig
from tests.channels._whatsapp.samples import ANN, sid
from tests.support.twilioapi.fixtures import twilio as twilio
from tests.support.twilioapi.messages import Button
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until


def test_is_a_channel() -> None:
    rig = Rig(FakeTwilio())
    channel: Channel = rig.channel
    assert (channel.id, channel.allowed) == ("whatsapp", {ANN: ANN})
    assert not channel.capabilities.edits
    assert isinstance(rig.channel, Webhooked)
    assert isinstance(rig.channel, Receipted)
    assert rig.channel.webhooks == ()


def test_where_an_address_is_set_messages_are_posted_to_it() -> None:
    hooks = Rig(FakeTwilio(), public_url=PUBLIC).channel.webhooks
    assert [hook.path for hook in hooks] == ["/twilio/webhook", "/twilio/status"]
    assert "<Response/>" in hooks[0].says
    assert Rig(FakeTwilio(), public_url=PUBLIC, mode="polling").channel.webhooks == ()


async def test_words_come_and_go(rig: Rig, twilio: FakeTwilio) -> None:
    reference = await rig.channel.send(ANN, WORDS)
    assert (await rig.ann.shows("pong")).text == "*pong*"
    assert reference == rig.ann.last.sid
    await until(lambda: (reference, Fate.DELIVERED, "") in rig.told)
    assert rig.ann.contact.typing == [twilio.world.messages[0].sid]


async def test_a_tap_comes_back_as_its_command(rig: Rig, twilio: FakeTwilio) -> None:
    reference = await rig.channel.send(ANN, CARD)
    card = await rig.ann.shows("needs approval")
    assert card.buttons == (
        Button("Approve k3f9", "approve k3f9"),
        Button("Always k3f9", "always k3f9"),
        Button("Deny k3f9", "deny k3f9"),
    )
    await rig.ann.taps(card, "Approve k3f9")
    await rig.hears("approve k3f9")
    tap = rig.desk.taken[-1]
    assert (tap.tapped, tap.reply_to, tap.user) == (True, reference, ANN)
    await rig.channel.send(ANN, replace(CARD, title="another"))
    assert len(twilio.world.contents) == 1


async def test_a_card_is_never_changed(rig: Rig) -> None:
    with pytest.raises(MessageGone):
        await rig.channel.edit(ANN, sid(1), CLOSED)


async def test_a_photo_is_fetched(rig: Rig, twilio: FakeTwilio) -> None:
    await rig.ann.sends_photo(b"\xff\xd8 photo", "look")
    await rig.hears("look")
    (file,) = rig.desk.taken[-1].files
    assert (file.name, file.mime) == ("photo.jpg", "image/jpeg")
    assert await rig.channel.fetch(file) == b"\xff\xd8 photo"
    twilio.faults.fail("media.fetch", 404, 20404)
    with pytest.raises((Rejected, Unreachable)):
        await rig.channel.fetch(file)


async def test_a_list_of_many_pages_is_read_to_its_end(twilio: FakeTwilio) -> None:
    rig = Rig(twilio)
    async with rig.running():
        await rig.ann.says("first")
        await rig.hears("first")
    for number in range(130):
        await rig.ann.says(f"m{number}")
    again = Rig(twilio)
    again.memory.kept = rig.memory.kept
    async with again.running():
        await again.hears("m129")
    assert again.desk.texts == [f"m{number}" for number in range(130)]


async def test_what_was_taken_without_an_answer_is_not_sent_again(
    rig: Rig, twilio: FakeTwilio
) -> None:
    twilio.faults.stall_after_accepting()
    with pytest.raises(Unreachable):
        await rig.channel.send(ANN, WORDS)
    assert await rig.channel.send(ANN, WORDS) == twilio.sent[0].sid
    assert len(twilio.sent) == 1


async def test_a_closed_window_is_found_out_late(rig: Rig, twilio: FakeTwilio) -> None:
    rig.ann.window_ends()
    reference = await rig.channel.send(ANN, WORDS)
    await until(lambda: (reference, Fate.BOUNCED, "63016") in rig.told)
    with pytest.raises(Parked):
        await rig.channel.send(ANN, CARD)
    await rig.ann.says("here I am")
    await rig.hears("here I am")
    assert await rig.channel.send(ANN, CARD)


async def test_at_a_closed_window_a_template_brings_the_person_back(twilio: FakeTwilio) -> None:
    template = twilio.template("Wingman: {{1}}. Reply *sessions* to see what waits.")
    rig = Rig(twilio, template_sid=template.sid)
    async with rig.running():
        await until(lambda: rig.channel._windows.looked)
        for card in (CARD, replace(CARD, session="docs", code="m2p4")):
            with pytest.raises(Parked):
                await rig.channel.send(ANN, card)
        rig.clock.ahead += timedelta(seconds=20)
        await rig.ann.shows("Wingman: 2 sessions wait for you: shop, docs. Reply *sessions*")
        await rig.ann.says("sessions")
        await rig.hears("sessions")
        await rig.channel.send(ANN, CARD)
        assert len((await rig.ann.shows("needs approval")).buttons) == 3
    assert len(twilio.sent) == 2


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ({"template_sid": None}, f"window:{ANN}"),
        ({"template_sid": "HX" + 32 * "0"}, f"window:{ANN}"),
    ],
    ids=["none", "unknown"],
)
async def test_a_template_that_is_missing_is_told(
    twilio: FakeTwilio, setting: dict[str, str | None], key: str
) -> None:
    rig = Rig(twilio, **setting)
    async with rig.running():
        await until(lambda: rig.channel._windows.looked)
        with pytest.raises(Parked):
            await rig.channel.send(ANN, CARD)
        rig.clock.ahead += timedelta(seconds=20)
        line = await until(lambda: rig.desk.standing.get(f"window:{ANN}", ""))
    assert "WINGMAN_WHATSAPP__TEMPLATE_SID" in line


async def test_a_sandbox_that_ended_and_a_wrong_number_are_told() -> None:
    twilio = FakeTwilio.sandbox()
    async with twilio.running():
        rig = Rig(twilio)
        await rig.ann.joins()
        async with rig.running():
            await rig.ann.says("hello")
            await rig.hears("hello")
            rig.ann.contact.joined = None
            await rig.channel.send(ANN, WORDS)
            line = await until(lambda: rig.desk.standing.get(f"sandbox:{ANN}", ""))
            assert "send the join words" in line
        other = Rig(twilio, **{"from": "whatsapp:+12025550199"})
        await other.channel._windows.heard(ANN, other.clock.now())
        other.channel._windows.look_done()
        async with other.running():
            with pytest.raises(RetryLater):
                await other.channel.send(ANN, WORDS)
            assert "WINGMAN_WHATSAPP__FROM" in other.desk.standing["sender"]


@pytest.mark.parametrize(
    "wrong", [{"auth_token": "wr0ng-token"}, {"account_sid": "AC" + 32 * "0"}]
)
async def test_a_wrong_account_is_told_on_the_others(
    twilio: FakeTwilio, wrong: dict[str, str]
) -> None:
    rig = Rig(twilio, **wrong)
    async with rig.running():
        line = await until(lambda: rig.desk.standing.get("account", ""))
    assert "WINGMAN_WHATSAPP__ACCOUNT_SID" in line
    assert "\n" not in line
    assert not any(value in line for value in wrong.values())


async def test_what_is_posted_is_stored_and_answered(posted: Rig, twilio: FakeTwilio) -> None:
    (post,) = twilio.poster.posts
    assert (posted.desk.texts, post.status) == (["hello"], 200)
    reference = await posted.channel.send(ANN, CARD)
    await until(lambda: (reference, Fate.DELIVERED, "") in posted.told)
    await posted.ann.taps(await posted.ann.shows("needs approval"), "Deny k3f9")
    tap = posted.desk.taken[-1]
    assert (tap.text, tap.tapped, tap.reply_to, tap.name) == ("deny k3f9", True, reference, "Ann")
    assert await until(lambda: len(posted.ann.contact.typing) == 2)


async def test_a_second_copy_changes_nothing(posted: Rig, twilio: FakeTwilio) -> None:
    twilio.duplicate_posts()
    await posted.ann.says("status")
    assert [post.status for post in twilio.poster.posts] == [200, 200, 200]
    await until(lambda: len(posted.desk.texts) == 2)
    assert posted.desk.texts == ["hello", "status"]


async def test_before_it_runs_nothing_is_taken() -> None:
    rig = Rig(FakeTwilio(), public_url=PUBLIC)
    for hook in rig.channel.webhooks:
        assert await hook.handle({}, b"") == 503
