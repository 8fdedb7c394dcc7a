"""Prism judges what the fake's own lists let pass."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.provider.wire import Reply, Request
from tests.support.twilioapi.oracle import TwilioOracle, absent
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import Call, FakeTwilio
from tests.twilioapi.gateway import Gateway

REASON = absent()
pytestmark = pytest.mark.skipif(bool(REASON), reason=REASON)


@pytest.fixture
def oracle(twilio_oracle: TwilioOracle | None) -> TwilioOracle:
    assert twilio_oracle is not None
    return twilio_oracle


def again(call: Call, *, body: bytes | None = None, reply: object = None) -> Call:
    """The same with another body, or another answer."""
    request = call.request if body is None else replace(call.request, body=body)
    assert call.reply is not None
    told = call.reply if reply is None else Reply(call.reply.status, json.dumps(reply).encode())
    return Call(call.name, request, call.form, call.at, told)


async def test_what_is_right_passes(
    oracle: TwilioOracle, twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    said = await ann.sends_photo(b"x")
    await gateway.sends("hello")
    await gateway.listed()
    await gateway.get(gateway.url(f"/Messages/{said.sid}/Media.json"))
    await gateway.get(gateway.url(".json"))
    await gateway.fills(await gateway.defines("text", body="hi"))
    await gateway.get(f"{twilio.base_url}/v1/Content")
    url = f"{twilio.base_url}/v2/Indicators/Typing.json"
    await gateway.form(url, channel="whatsapp", messageId=said.sid)
    await gateway.get(f"{twilio.base_url}/v2/Channels/Senders", Channel="whatsapp")
    assert oracle.complaints(twilio) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"From=x&Body=x", "must have required property 'To'"),
        (b"To=x&Body=x&StatusCallback=nowhere", 'must match format "uri"'),
        (b"To=x&ContentSid=HX1", "must NOT have fewer than 34 characters"),
    ],
)
async def test_a_request_that_is_wrong(
    oracle: TwilioOracle, twilio: FakeTwilio, gateway: Gateway, body: bytes, words: str
) -> None:
    await gateway.sends("hello")
    [call] = twilio.calls
    assert words in "".join(oracle.ask(again(call, body=body)))


async def test_a_definition_that_is_wrong(
    oracle: TwilioOracle, twilio: FakeTwilio, gateway: Gateway
) -> None:
    await gateway.defines("text", body="hi")
    [call] = twilio.calls
    body = json.dumps({"language": "en", "types": {"twilio/text": {"bodi": "hi"}}}).encode()
    assert "body" in "".join(oracle.ask(again(call, body=body)))


async def test_nobody_asks_without_a_name(
    oracle: TwilioOracle, twilio: FakeTwilio, gateway: Gateway
) -> None:
    await gateway.sends("hello")
    [call] = twilio.calls
    kept = {name: v for name, v in call.request.headers.items() if name != "authorization"}
    request = Request("POST", call.request.target, kept, call.request.body)
    assert "security" in "".join(oracle.ask(replace(call, request=request)))


async def test_an_answer_that_is_wrong(
    oracle: TwilioOracle, twilio: FakeTwilio, gateway: Gateway
) -> None:
    await gateway.sends("hello")
    [call] = twilio.calls
    assert call.reply is not None
    told = json.loads(call.reply.body) | {"status": "quueued", "sid": "SM1"}
    complaints = "".join(oracle.ask(again(call, reply=told)))
    assert "one of the allowed values" in complaints
    assert "response.body.sid" in complaints
