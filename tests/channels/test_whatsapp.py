"""The channel against a Twilio on loopback: real requests, real signatures, real errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.channels import ChannelContext
from bot.channels._whatsapp.api import Message
from bot.channels._whatsapp.channel import STATUS, WhatsApp, posted_to
from bot.channels._whatsapp.faults import AccountRefused, ContentRefused, Doubtful
from bot.channels._whatsapp.inbound import Fields
from bot.channels.whatsapp import CHANNEL, Signatures, TwilioApi
from bot.core.decisions import InboundFile
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
from bot.settings import Settings, WhatsAppSettings
from tests.channels._whatsapp.cards import CARD, CLOSED, WORDS
from tests.channels._whatsapp.rig import TEMPLATE, Desk, FakeMemory
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, TOKEN, sid
from tests.channels._whatsapp.server import Refusal, SmallTwilio, serving
from tests.support.botapi.wire import Reply, Request
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import Gateway, LoopClock
from tests.support.waiting import until

PUBLIC = "https://wingman.example.org"


class Rig:
    def __init__(self, twilio: SmallTwilio, *, public_url: str | None = None, **more: Any) -> None:
        self.twilio = twilio
        self.desk = Desk()
        self.memory = FakeMemory()
        self.clock = LoopClock()
        self.told: list[tuple[str, Fate, str]] = []
        given = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "from": SENDER,
            "allowed_numbers": ANN,
            "poll_interval": 0.05,
            "api_base": twilio.base_url,
            "content_api_base": twilio.base_url,
            "template_sid": TEMPLATE,
            **more,
        }
        settings = Settings(
            whatsapp=WhatsAppSettings.model_validate(given),
            web={"public_url": public_url},  # type: ignore[arg-type]
        )
        self.context = ChannelContext(settings, FakeChatLog(self.clock), self.clock, self.memory)
        base = twilio.base_url
        account, token = given["account_sid"], given["auth_token"]
        callback = public_url + STATUS if posted_to(self.context) and public_url else ""
        api = TwilioApi(account, token, SENDER, base, base, callback, patience=1)
        self.channel = WhatsApp(self.context, api, Signatures(token, public_url or "").hold)
        self.channel.on_receipt(self._tell)

    async def _tell(self, message: str, fate: Fate, error: str) -> None:
        self.told.append((message, fate, error))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(self.channel.run(self.desk.accept, self.desk.alarm))
            try:
                yield self
            finally:
                job.cancel()

    async def hears(self, text: str) -> None:
        await until(lambda: text in self.desk.texts)


@pytest.fixture
async def twilio() -> AsyncIterator[SmallTwilio]:
    async with SmallTwilio().running() as twilio:
        yield twilio


@pytest.fixture
async def rig(twilio: SmallTwilio) -> AsyncIterator[Rig]:
    async with Rig(twilio).running() as rig:
        await twilio.says("hello")
        await rig.hears("hello")
        yield rig


@pytest.fixture
async def posted(twilio: SmallTwilio) -> AsyncIterator[Rig]:
    """With the web server of the gateway before it, as behind a proxy."""
    rig = Rig(twilio, public_url=PUBLIC)
    gateway = Gateway(webhooks=tuple(rig.channel.webhooks), public_url=PUBLIC)
    async with gateway.running(), rig.running():
        twilio.hook_at = gateway.url
        await until(lambda: rig.channel._windows.looked)
        await twilio.says("hello")
        yield rig


def api(twilio: SmallTwilio, token: str = TOKEN, account: str = ACCOUNT) -> TwilioApi:
    return TwilioApi(account, token, SENDER, twilio.base_url, twilio.base_url)


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


def test_is_built_only_with_an_account() -> None:
    rig = Rig(SmallTwilio())
    assert isinstance(CHANNEL.build(rig.context), WhatsApp)
    assert CHANNEL.build(replace(rig.context, settings=Settings())) is None


# --- by the list ------------------------------------------------------------------------------


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


# --- trouble ----------------------------------------------------------------------------------


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
    ("fault", "raised"),
    [
        (Refusal(429, 20429, "slow down"), RetryLater),
        (Refusal(500, 20500, "oops"), Unreachable),
        (Refusal(400, 21617, "too long"), Rejected),
        (Refusal(401, 20003, "Authenticate"), RetryLater),
        (Refusal(400, 63007, "no such sender"), RetryLater),
    ],
    ids=lambda value: str(value),
)
async def test_each_refusal_has_its_meaning(
    rig: Rig, twilio: SmallTwilio, fault: Refusal, raised: type[Exception]
) -> None:
    twilio.faults["POST Messages.json"] = [fault]
    with pytest.raises(raised):
        await rig.channel.send(ANN, WORDS)


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


async def test_nobody_there(twilio: SmallTwilio) -> None:
    nowhere = TwilioApi(ACCOUNT, TOKEN, SENDER, "http://127.0.0.1:9", "http://127.0.0.1:9")
    with pytest.raises(Unreachable) as caught:
        await nowhere.contents()
    assert not isinstance(caught.value, Doubtful)
    await nowhere.close()


async def test_the_token_is_in_no_error(twilio: SmallTwilio) -> None:
    ours = api(twilio)
    twilio.faults["GET Content"] = [Refusal(400, 1, f"odd {TOKEN}")]
    twilio.faults["POST Content"] = [Refusal(404, 20404, "no")]
    with pytest.raises(Exception, match="odd") as caught:
        await ours.contents()
    assert TOKEN not in str(caught.value)
    await ours.close()


async def test_a_list_that_does_not_come_has_its_reason(twilio: SmallTwilio) -> None:
    ours = api(twilio, token="wr0ng")
    with pytest.raises(AccountRefused):
        await ours.contents()
    with pytest.raises(AccountRefused):
        async for _ in ours.listing(since=LoopClock().now()):
            pass
    await ours.close()


async def test_a_content_that_is_gone(twilio: SmallTwilio) -> None:
    from_us = api(twilio)
    with pytest.raises(ContentRefused):
        await from_us.send(Message(f"whatsapp:{ANN}", content=TEMPLATE, variables={"1": "x"}))
    await from_us.close()


# --- by post ----------------------------------------------------------------------------------


async def test_what_is_posted_is_stored_and_answered(posted: Rig, twilio: SmallTwilio) -> None:
    assert (posted.desk.texts, twilio.answers) == (["hello"], [200])
    reference = await posted.channel.send(ANN, CARD)
    assert posted.told == [(reference, Fate.DELIVERED, "")]
    await twilio.taps(twilio.sent[0], "Deny k3f9")
    tap = posted.desk.taken[-1]
    assert (tap.text, tap.tapped, tap.reply_to, tap.name) == ("deny k3f9", True, reference, "Ann")
    assert await until(lambda: len(twilio.typed) == 2)


@pytest.mark.parametrize("signature", ["", "wrong", "x" * 28, "é"])
async def test_without_twilios_signature_nothing_happens(
    posted: Rig, twilio: SmallTwilio, signature: str
) -> None:
    form = {**twilio.form(twilio.messages[0]), "MessageSid": sid(77)}
    sent = signature.encode("latin-1").decode("latin-1")
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            twilio.hook_at + "/twilio/webhook",
            content=urlencode(form),
            headers={
                b"X-Twilio-Signature": sent.encode("latin-1"),
                b"Content-Type": b"application/x-www-form-urlencoded",
            },
        )
    assert answer.status_code == 403
    assert posted.desk.texts == ["hello"]


async def test_without_a_header_at_all_too(posted: Rig, twilio: SmallTwilio) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(twilio.hook_at + "/twilio/webhook", data={"Body": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "forwarded", [{}, {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil"}]
)
async def test_a_proxy_may_rewrite_host_and_scheme(
    posted: Rig, twilio: SmallTwilio, forwarded: dict[str, str]
) -> None:
    """The request has come by https for another host: what arrives here says neither."""
    form = {**twilio.form(twilio.messages[0]), "MessageSid": sid(78), "Body": "status"}
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/webhook", form)
    headers = {"X-Twilio-Signature": signature, **forwarded}
    async with httpx.AsyncClient() as client:
        answer = await client.post(twilio.hook_at + "/twilio/webhook", data=form, headers=headers)
    assert answer.status_code == 200
    assert answer.text.endswith("<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    assert posted.desk.texts == ["hello", "status"]


async def test_a_signature_for_the_inner_address_is_none(posted: Rig, twilio: SmallTwilio) -> None:
    form = {**twilio.form(twilio.messages[0]), "MessageSid": sid(79)}
    inner = RequestValidator(TOKEN).compute_signature(f"{twilio.hook_at}/twilio/webhook", form)
    assert await twilio.posts("/twilio/webhook", form, inner) == 403
    other = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/status", form)
    assert await twilio.posts("/twilio/webhook", form, other) == 403


async def test_a_second_copy_changes_nothing(posted: Rig, twilio: SmallTwilio) -> None:
    form = twilio.form(twilio.messages[0])
    assert await twilio.posts("/twilio/webhook", form) == 200
    assert posted.desk.texts == ["hello"]


async def test_before_it_runs_nothing_is_taken() -> None:
    rig = Rig(SmallTwilio(), public_url=PUBLIC)
    for hook in rig.channel.webhooks:
        assert await hook.handle({}, b"") == 503


FORMS = st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=40), max_size=12)


@given(FORMS)
def test_whatever_twilio_signs_holds_and_nothing_else(form: dict[str, str]) -> None:
    encodable = {k: v for k, v in form.items() if (k + v).isprintable()}
    signatures = Signatures(TOKEN, PUBLIC + "/")
    right = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/webhook", encodable)
    read = Fields.of(urlencode(encodable).encode())
    headers = {"x-twilio-signature": right}
    assert signatures.hold("/twilio/webhook", read, headers)
    assert not signatures.hold("/twilio/status", read, headers)
    changed = Fields({**read, "Body": ["changed", "x"]})
    assert not signatures.hold("/twilio/webhook", changed, headers)
    assert not Signatures("other", PUBLIC).hold("/twilio/webhook", read, headers)
    assert not Signatures(TOKEN, "").hold("/twilio/webhook", read, headers)


def test_a_shared_key_signs_by_another_method() -> None:
    form = Fields.of(b"Body=x&Label=")
    right = RequestValidator(TOKEN).compute_signature(
        f"{PUBLIC}/twilio/webhook", form, "HMAC_SHA256"
    )
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    headers = {"x-twilio-signature": right, "x-twilio-webhooks-signature-settings": settings}
    signatures = Signatures(TOKEN, PUBLIC)
    assert signatures.hold("/twilio/webhook", form, headers)
    assert not signatures.hold("/twilio/webhook", form, {"x-twilio-signature": right})
    odd = {**headers, "x-twilio-webhooks-signature-settings": "algorithm=NONE"}
    assert not signatures.hold("/twilio/webhook", form, odd)


async def test_where_a_file_really_is_nobody_hears_the_token(
    rig: Rig, twilio: SmallTwilio
) -> None:
    heard: list[Request] = []

    async def elsewhere(request: Request) -> Reply:
        heard.append(request)
        return Reply(200, b"photo", "image/jpeg")

    async with serving(elsewhere) as port:
        twilio.media_moved_to = f"http://127.0.0.1:{port}/there"
        await twilio.sends_photo(b"", "look")
        await rig.hears("look")
        (file,) = rig.desk.taken[-1].files
        assert await rig.channel.fetch(file) == b"photo"
    assert "authorization" not in heard[0].headers


async def test_only_files_of_twilio_are_asked_for(rig: Rig) -> None:
    with pytest.raises((Rejected, Unreachable)):
        await rig.channel.fetch(InboundFile("/elsewhere", "x", 1, "text/plain"))
