"""The channel against a Twilio on loopback: real requests, real signatures, real errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.adapters.clock import SystemClock
from bot.channels._whatsapp.api import Message
from bot.channels._whatsapp.channel import WhatsApp
from bot.channels._whatsapp.faults import AccountRefused, ContentRefused, Doubtful
from bot.channels._whatsapp.inbound import Fields
from bot.channels.whatsapp import CHANNEL, Signatures, TwilioApi
from bot.ports.channel import (
    Blocked,
    Rejected,
    RetryLater,
    Unreachable,
)
from bot.settings import Settings
from tests.channels._whatsapp.cards import WORDS
from tests.channels._whatsapp.home import PUBLIC, Rig
from tests.channels._whatsapp.home import posted as posted
from tests.channels._whatsapp.home import rig as rig
from tests.channels._whatsapp.rig import TEMPLATE
from tests.channels._whatsapp.samples import ANN, sid
from tests.support.gateway import LoopClock
from tests.support.twilioapi.fixtures import twilio as twilio
from tests.support.twilioapi.server import ACCOUNT, SENDER, TOKEN, FakeTwilio


def api(twilio: FakeTwilio, token: str = TOKEN, account: str = ACCOUNT) -> TwilioApi:
    return TwilioApi(account, token, SENDER, twilio.base_url, twilio.base_url, twilio.clock)


def test_is_built_only_with_an_account() -> None:
    rig = Rig(FakeTwilio())
    assert isinstance(CHANNEL.build(rig.context), WhatsApp)
    assert CHANNEL.build(replace(rig.context, settings=Settings())) is None


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ((429, 20429), RetryLater),
        ((500, 20500), Unreachable),
        ((400, 21617), Rejected),
        ((401, 20003), RetryLater),
        ((400, 63007), RetryLater),
        ((400, 63003), Blocked),
    ],
    ids=str,
)
async def test_each_refusal_has_its_meaning(
    rig: Rig, twilio: FakeTwilio, fault: tuple[int, int], raised: type[Exception]
) -> None:
    twilio.faults.fail("messages.create", *fault)
    with pytest.raises(raised):
        await rig.channel.send(ANN, WORDS)


async def test_a_page_of_a_proxy_leaves_a_doubt(rig: Rig, twilio: FakeTwilio) -> None:
    twilio.faults.html_5xx("messages.create")
    with pytest.raises(Unreachable):
        await rig.channel.send(ANN, WORDS)
    await rig.channel.send(ANN, WORDS)
    assert len(twilio.sent) == 1


async def test_a_list_that_is_late_is_waited_for(rig: Rig, twilio: FakeTwilio) -> None:
    twilio.list_late(2)
    twilio.faults.hang_up_after_accepting()
    with pytest.raises(Unreachable):
        await rig.channel.send(ANN, WORDS)
    await rig.channel.send(ANN, WORDS)
    assert len(twilio.sent) == 1


async def test_patience_is_as_long_as_twilio_asks_for(rig: Rig, twilio: FakeTwilio) -> None:
    twilio.faults.too_many(after=7)
    with pytest.raises(RetryLater) as caught:
        await rig.channel.send(ANN, WORDS)
    assert caught.value.after == 7


async def test_nobody_there(twilio: FakeTwilio) -> None:
    base = "http://127.0.0.1:9"
    nowhere = TwilioApi(ACCOUNT, TOKEN, SENDER, base, base, SystemClock())
    with pytest.raises(Unreachable) as caught:
        await nowhere.contents()
    assert not isinstance(caught.value, Doubtful)
    await nowhere.close()


async def test_the_token_is_in_no_error(twilio: FakeTwilio) -> None:
    ours = api(twilio)
    twilio.faults.fail("contents.list", 400, 1, f"odd {TOKEN}")
    with pytest.raises(Exception, match="odd") as caught:
        await ours.contents()
    assert TOKEN not in str(caught.value)
    await ours.close()


async def test_a_list_that_does_not_come_has_its_reason(twilio: FakeTwilio) -> None:
    ours = api(twilio, token="wr0ng")
    with pytest.raises(AccountRefused):
        await ours.contents()
    with pytest.raises(AccountRefused):
        async for _ in ours.listing(since=LoopClock().now()):
            pass
    await ours.close()


async def test_a_content_that_is_gone(twilio: FakeTwilio) -> None:
    from_us = api(twilio)
    with pytest.raises(ContentRefused):
        await from_us.send(Message(f"whatsapp:{ANN}", content=TEMPLATE, variables={"1": "x"}))
    await from_us.close()


@pytest.mark.parametrize("signature", ["", "wrong", "x" * 28, "é"])
async def test_without_twilios_signature_nothing_happens(
    posted: Rig, twilio: FakeTwilio, signature: str
) -> None:
    form = {**posted.ann.form(twilio.world.messages[0]), "MessageSid": sid(77)}
    sent = signature.encode("latin-1").decode("latin-1")
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            twilio.reachable_at[-1] + "/twilio/webhook",
            content=urlencode(form),
            headers={
                b"X-Twilio-Signature": sent.encode("latin-1"),
                b"Content-Type": b"application/x-www-form-urlencoded",
            },
        )
    assert answer.status_code == 403
    assert posted.desk.texts == ["hello"]


async def test_without_a_header_at_all_too(posted: Rig, twilio: FakeTwilio) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(twilio.reachable_at[-1] + "/twilio/webhook", data={"Body": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "forwarded", [{}, {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil"}]
)
async def test_a_proxy_may_rewrite_host_and_scheme(
    posted: Rig, twilio: FakeTwilio, forwarded: dict[str, str]
) -> None:
    """The request has come by https for another host: what arrives here says neither."""
    form = {**posted.ann.form(twilio.world.messages[0]), "MessageSid": sid(78), "Body": "status"}
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/webhook", form)
    headers = {"X-Twilio-Signature": signature, **forwarded}
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            twilio.reachable_at[-1] + "/twilio/webhook", data=form, headers=headers
        )
    assert answer.status_code == 200
    assert answer.text.endswith("<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    assert posted.desk.texts == ["hello", "status"]


async def test_a_signature_for_the_inner_address_is_none(posted: Rig, twilio: FakeTwilio) -> None:
    form = {**posted.ann.form(twilio.world.messages[0]), "MessageSid": sid(79)}
    inner = RequestValidator(TOKEN).compute_signature(
        f"{twilio.reachable_at[-1]}/twilio/webhook", form
    )
    assert (await twilio.poster.send(twilio.webhook_url, form, inner)).status == 403
    other = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/status", form)
    assert (await twilio.poster.send(twilio.webhook_url, form, other)).status == 403


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


@pytest.mark.parametrize("ahead", [timedelta(minutes=-7), timedelta(), timedelta(hours=2)])
async def test_when_it_was_sent_is_told_by_our_clock(
    rig: Rig, twilio: FakeTwilio, ahead: timedelta
) -> None:
    """Twilio's says something else, and each of its answers what."""
    twilio.later(ahead)
    before = twilio.clock.now() - timedelta(seconds=2)
    await rig.ann.says("status")
    await rig.hears("status")
    sent_at = rig.desk.taken[-1].sent_at
    assert sent_at is not None
    assert before <= sent_at <= twilio.clock.now() + timedelta(seconds=2)
