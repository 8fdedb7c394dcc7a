"""The channel against a Twilio on loopback, by list and by post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.fate import Fate
from bot.ports.channel import (
    Channel,
    MessageGone,
    Parked,
    Rejected,
    Unreachable,
)
from bot.ports.receipts import Receipted
from bot.ports.webhook import Webhooked
from tests.channels._whatsapp.cards import CARD, CLOSED, WORDS
from tests.channels._whatsapp.home import PUBLIC, Rig
from tests.channels._whatsapp.home import posted as posted
from tests.channels._whatsapp.home import rig as rig
from tests.channels._whatsapp.home import twilio as twilio
from tests.channels._whatsapp.samples import ANN, sid
from tests.channels._whatsapp.server import Refusal, SmallTwilio
from tests.support.waiting import until


def test_is_a_channel() -> None:
    rig = Rig(SmallTwilio())
    channel: Channel = rig.channel
    assert (channel.id, channel.allowed) == ("whatsapp", {ANN: ANN})
    assert not channel.capabilities.edits
    assert isinstance(rig.channel, Webhooked)
    assert isinstance(rig.channel, Receipted)
    assert rig.channel.webhooks == ()


def test_where_an_address_is_set_messages_are_posted_to_it() -> None:
    hooks = Rig(SmallTwilio(), public_url=PUBLIC).channel.webhooks
    assert [hook.path for hook in hooks] == ["/twilio/webhook", "/twilio/status"]
    assert "<Response/>" in hooks[0].says
    assert Rig(SmallTwilio(), public_url=PUBLIC, mode="polling").channel.webhooks == ()


async def test_words_come_and_go(rig: Rig, twilio: SmallTwilio) -> None:
    reference = await rig.channel.send(ANN, WORDS)
    assert twilio.texts == ["*pong*"]
    assert reference == twilio.sent[0].sid
    await until(lambda: rig.told == [(reference, Fate.DELIVERED, "")])
    assert twilio.typed == [twilio.messages[0].sid]


async def test_a_tap_comes_back_as_its_command(rig: Rig, twilio: SmallTwilio) -> None:
    reference = await rig.channel.send(ANN, CARD)
    (card,) = twilio.sent
    assert card.buttons == {
        "Approve k3f9": "approve k3f9",
        "Always k3f9": "always k3f9",
        "Deny k3f9": "deny k3f9",
    }
    await twilio.taps(card, "Approve k3f9")
    await rig.hears("approve k3f9")
    tap = rig.desk.taken[-1]
    assert (tap.tapped, tap.reply_to, tap.user) == (True, reference, ANN)
    await rig.channel.send(ANN, replace(CARD, title="another"))
    assert len(twilio.contents) == 1


async def test_a_card_is_never_changed(rig: Rig) -> None:
    with pytest.raises(MessageGone):
        await rig.channel.edit(ANN, sid(1), CLOSED)


async def test_a_photo_is_fetched(rig: Rig, twilio: SmallTwilio) -> None:
    await twilio.sends_photo(b"\xff\xd8 photo", "look")
    await rig.hears("look")
    (file,) = rig.desk.taken[-1].files
    assert (file.name, file.mime) == ("photo.jpg", "image/jpeg")
    assert await rig.channel.fetch(file) == b"\xff\xd8 photo"
    twilio.faults[f"GET {file.ref.rpartition('/')[2]}"] = [Refusal(404, 20404, "gone")]
    with pytest.raises((Rejected, Unreachable)):
        await rig.channel.fetch(file)


async def test_a_list_of_many_pages_is_read_to_its_end(twilio: SmallTwilio) -> None:
    rig = Rig(twilio)
    async with rig.running():
        await twilio.says("first")
        await rig.hears("first")
    for number in range(130):
        await twilio.says(f"m{number}")
    again = Rig(twilio)
    again.memory.kept = rig.memory.kept
    async with again.running():
        await again.hears("m129")
    assert again.desk.texts == [f"m{number}" for number in range(130)]


async def test_what_was_taken_without_an_answer_is_not_sent_again(
    rig: Rig, twilio: SmallTwilio
) -> None:
    twilio.faults["POST Messages.json"] = ["stall"]
    with pytest.raises(Unreachable):
        await rig.channel.send(ANN, WORDS)
    assert await rig.channel.send(ANN, WORDS) == twilio.sent[0].sid
    assert twilio.texts == ["*pong*"]


async def test_a_closed_window_is_found_out_late(rig: Rig, twilio: SmallTwilio) -> None:
    twilio.messages.clear()
    reference = await rig.channel.send(ANN, WORDS)
    await until(lambda: rig.told == [(reference, Fate.FAILED, "63016")])
    with pytest.raises(Parked):
        await rig.channel.send(ANN, CARD)
    await twilio.says("here I am")
    await rig.hears("here I am")
    assert await rig.channel.send(ANN, CARD)


@pytest.mark.parametrize(
    "wrong", [{"auth_token": "wr0ng-token"}, {"account_sid": "AC" + 32 * "0"}]
)
async def test_a_wrong_account_is_told_on_the_others(
    twilio: SmallTwilio, wrong: dict[str, str]
) -> None:
    rig = Rig(twilio, **wrong)
    async with rig.running():
        line = await until(lambda: rig.desk.standing.get("account", ""))
    assert "WINGMAN_WHATSAPP__ACCOUNT_SID" in line
    assert "\n" not in line
    assert not any(value in line for value in wrong.values())


async def test_what_is_posted_is_stored_and_answered(posted: Rig, twilio: SmallTwilio) -> None:
    assert (posted.desk.texts, twilio.answers) == (["hello"], [200])
    reference = await posted.channel.send(ANN, CARD)
    assert posted.told == [(reference, Fate.DELIVERED, "")]
    await twilio.taps(twilio.sent[0], "Deny k3f9")
    tap = posted.desk.taken[-1]
    assert (tap.text, tap.tapped, tap.reply_to, tap.name) == ("deny k3f9", True, reference, "Ann")
    assert await until(lambda: len(twilio.typed) == 2)


async def test_a_second_copy_changes_nothing(posted: Rig, twilio: SmallTwilio) -> None:
    form = twilio.form(twilio.messages[0])
    assert await twilio.posts("/twilio/webhook", form) == 200
    assert posted.desk.texts == ["hello"]


async def test_before_it_runs_nothing_is_taken() -> None:
    rig = Rig(SmallTwilio(), public_url=PUBLIC)
    for hook in rig.channel.webhooks:
        assert await hook.handle({}, b"") == 503
