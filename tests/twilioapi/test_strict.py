"""What is not Twilio's API is refused, and kept."""

import pytest

from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.twilioapi.gateway import ANN, Gateway, Refused


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"To": "whatsapp:0170"}, 21211),
        ({"To": "+491701234567"}, 21910),
        ({"To": "whatsapp:+14155550100"}, 63031),
        ({"ContentVariables": "{}"}, 21654),
        ({"StatusCallback": "/twilio/status"}, 21609),
        ({"Bodytext": "x"}, 20001),
    ],
)
async def test_a_message_that_never_goes(
    twilio: FakeTwilio, gateway: Gateway, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(Refused) as caught:
        await gateway.sends(**{"body": "hello", **fields})
    assert (caught.value.status, caught.value.code) == (400, code)
    assert twilio.sent == []
    assert len(twilio.misuse) == 1


async def test_what_may_happen_to_anybody_is_no_misuse(
    twilio: FakeTwilio, gateway: Gateway
) -> None:
    for fields, code in (
        ({"From": "whatsapp:+12025550123"}, 63007),
        ({"Body": "", "ContentSid": "HX" + "0" * 32}, 21655),
    ):
        with pytest.raises(Refused) as caught:
            await gateway.sends(**{"body": "hello", **fields})
        assert caught.value.code == code
    assert twilio.misuse == []


async def test_who_asks_is_checked(twilio: FakeTwilio, gateway: Gateway) -> None:
    assert (await gateway.get(gateway.url(".json")))["status"] == "active"
    gateway.auth = (twilio.account, "another")
    with pytest.raises(Refused, match="401 20003"):
        await gateway.sends("hello")
    gateway.auth = (twilio.account, twilio.token)
    twilio.close_account()
    with pytest.raises(Refused, match="401 20003"):
        await gateway.sends("hello")


async def test_another_account_is_not_found(twilio: FakeTwilio, gateway: Gateway) -> None:
    url = gateway.url("/Messages.json").replace(twilio.account, "AC" + "0" * 32)
    with pytest.raises(Refused, match="404 20404"):
        await gateway.get(url)


async def test_a_form_is_a_form(twilio: FakeTwilio, gateway: Gateway) -> None:
    url = gateway.url("/Messages.json")
    answer = await gateway.http.post(url, json={"Body": "hello"}, auth=gateway.auth)
    assert answer.status_code == 415
    assert twilio.misuse


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("quick-reply", {"body": "x"}),
        ("quick-reply", {"body": "x", "actions": [{"titel": "Yes"}]}),
        ("quick-reply", {"body": "{{name}}", "actions": [{"title": "Yes"}]}),
        ("list-picker", {"body": "x", "items": []}),
        ("hologram", {"body": "x"}),
    ],
)
async def test_a_definition_that_is_none(
    gateway: Gateway, kind: str, shape: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="400"):
        await gateway.defines(kind, **shape)


@pytest.mark.parametrize("value", ["", "x" * 256, "two\nlines", "a\tb", "a     b"])
async def test_values_that_do_not_fit_a_body(gateway: Gateway, ann: Person, value: str) -> None:
    """The page of error 21656 names line breaks, tabs and more than four blanks."""
    card = await gateway.defines("quick-reply", body="{{1}}", actions=[{"title": "{{2}}"}])
    with pytest.raises(Refused, match="400 2165"):
        await gateway.fills(card, v1=value, v2="Yes")
    await gateway.fills(card, v1="a    b", v2="Yes")
    assert (await ann.shows("a    b")).titles == ["Yes"]


@pytest.mark.parametrize(
    "actions",
    [
        [{"title": "x" * 21, "id": "1"}],
        [{"title": "Yes", "id": "x" * 201}],
        [{"title": "Yes", "id": "1"}, {"title": "Yes", "id": "2"}],
        [{"title": f"{n}", "id": f"{n}"} for n in range(4)],
    ],
)
async def test_buttons_that_whatsapp_does_not_take_fail_later(
    twilio: FakeTwilio, gateway: Gateway, ann: Person, actions: list[dict[str, str]]
) -> None:
    card = await gateway.defines("quick-reply", body="x", actions=actions)
    sid = await gateway.fills(card)
    await gateway.until_status(sid, "undelivered")
    assert twilio.world.message(sid).error == 63013
    assert twilio.misuse
    assert ann.messages == []


async def test_no_answer_to_nobody(gateway: Gateway, twilio: FakeTwilio) -> None:
    url = f"{twilio.base_url}/v2/Indicators/Typing.json"
    with pytest.raises(Refused, match="404"):
        await gateway.form(url, channel="whatsapp", messageId="SM" + "0" * 32)
    with pytest.raises(Refused, match="400"):
        await gateway.form(url, channel="whatsapp")
    assert ANN not in twilio.world.people
