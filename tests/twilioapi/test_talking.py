"""Between a gateway and a person."""

from datetime import timedelta

import pytest
from twilio.request_validator import RequestValidator

from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import SENDER, FakeTwilio
from tests.support.twilioapi.webhook import signature
from tests.support.waiting import spend
from tests.twilioapi.gateway import ANN, STATUS, WEBHOOK, Gateway


async def test_a_text_arrives(gateway: Gateway, ann: Person) -> None:
    sid = await gateway.sends("hello")
    assert (await ann.shows("hello")).sid == sid
    shown = await gateway.get(gateway.url(f"/Messages/{sid}.json"))
    assert (shown["status"], shown["error_code"], shown["from"]) == ("delivered", None, SENDER)


async def test_reports_are_posted(gateway: Gateway, ann: Person) -> None:
    ann.contact.reads_at_once = True
    async with gateway.listening():
        sid = await gateway.sends("hello", StatusCallback=STATUS)
        await gateway.until_reports(3)
    assert gateway.statuses() == ["sent", "delivered", "read"]
    assert {form["MessageSid"] for form in gateway.forms("/twilio/status")} == {sid}


async def test_who_is_offline_gets_it_later(gateway: Gateway, ann: Person) -> None:
    ann.goes_offline()
    sid = await gateway.sends("hello")
    await gateway.until_status(sid, "sent")
    assert ann.messages == []
    await ann.comes_online()
    assert ann.texts == ["hello"]
    await ann.reads(ann.last)
    await gateway.until_status(sid, "read")


async def test_what_a_person_says_is_posted_and_listed(gateway: Gateway, ann: Person) -> None:
    async with gateway.listening():
        said = await ann.says("how's it going?")
    [form] = gateway.forms()
    assert form["Body"] == "how's it going?"
    assert (form["From"], form["To"], form["WaId"]) == (ANN, SENDER, "491701234567")
    assert form["MessageSid"] == said.sid
    [shown] = await gateway.listed(To=SENDER)
    assert (shown["sid"], shown["direction"], shown["status"]) == (said.sid, "inbound", "received")


async def test_a_post_is_signed_as_the_library_checks_it(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    async with gateway.listening():
        twilio.webhook_url = f"{WEBHOOK}?a=b#rc=2"
        await ann.says("ünïcode & more")
        await ann.sends_photo(b"no words with it")
    for request in gateway.requests:
        form = dict(gateway.fields(request))
        given = request.headers["x-twilio-signature"]
        assert RequestValidator(twilio.token).validate(f"{WEBHOOK}?a=b", form, given)
        assert given != signature(twilio.token, WEBHOOK, form)
    assert gateway.fields(gateway.requests[1])["Body"] == ""


async def test_a_tap_carries_its_payload_to_the_webhook_only(
    gateway: Gateway, ann: Person
) -> None:
    card = await gateway.defines(
        "quick-reply",
        body="{{1}}",
        actions=[{"type": "QUICK_REPLY", "title": "{{2}}", "id": "{{3}}"}],
    )
    async with gateway.listening():
        sid = await gateway.fills(card, v1="Bash: ls", v2="Approve k7d", v3="approve k7d")
        tap = await ann.taps(await ann.shows("Bash"), "Approve")
    [form] = gateway.forms()
    assert (form["ButtonText"], form["ButtonPayload"]) == ("Approve k7d", "approve k7d")
    assert form["OriginalRepliedMessageSid"] == sid
    [shown] = await gateway.listed(From=ANN)
    assert shown["body"] == "Approve k7d"
    assert shown["sid"] == tap.sid
    assert "approve k7d" not in str(shown)


async def test_a_row_of_a_menu(gateway: Gateway, ann: Person) -> None:
    items = [{"item": "shop", "id": "status shop", "description": "works"}]
    menu = await gateway.defines("list-picker", body="Which one?", button="Choose", items=items)
    async with gateway.listening():
        await gateway.fills(menu)
        await ann.taps(await ann.shows("Which one?"), "shop")
    [form] = gateway.forms()
    assert (form["ListId"], form["Body"]) == ("status shop", "shop")


async def test_a_reply_names_what_it_answers(gateway: Gateway, ann: Person) -> None:
    async with gateway.listening():
        sid = await gateway.sends("a question")
        await ann.replies_to(await ann.shows("a question"), "an answer")
    [form] = gateway.forms()
    assert form["OriginalRepliedMessageSid"] == sid


async def test_a_photo_is_fetched_from_another_server(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    async with gateway.listening():
        sent = await ann.sends_photo(b"\xff\xd8", "look")
    [form] = gateway.forms()
    assert (form["NumMedia"], form["MediaContentType0"], form["Body"]) == (
        "1",
        "image/jpeg",
        "look",
    )
    path = form["MediaUrl0"].removeprefix("https://api.twilio.com")
    listed = await gateway.get(gateway.url(f"/Messages/{sent.sid}/Media.json"))
    assert [one["uri"] for one in listed["media_list"]] == [f"{path}.json"]
    answer = await gateway.http.get(
        twilio.base_url + path, auth=gateway.auth, follow_redirects=True
    )
    assert answer.content == b"\xff\xd8"
    assert answer.url.port == twilio.files_port
    assert twilio.misuse == []
    await gateway.http.get(str(answer.url), auth=gateway.auth)
    assert twilio.misuse == ["media: the token was sent to another server"]


async def test_after_a_day_only_a_template_arrives(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    template = twilio.template("Wingman: {{1}}. Reply to continue.")
    ann.window_ends()
    async with gateway.listening():
        sid = await gateway.sends("hello", StatusCallback=STATUS)
        await gateway.until_reports(1)
        [form] = gateway.forms("/twilio/status")
        assert (form["MessageStatus"], form["ErrorCode"]) == ("failed", "63016")
        assert form["MessageSid"] == sid
        await gateway.fills(template.sid, v1="2 sessions wait")
        await ann.shows("2 sessions wait")
        await ann.says("ok")
        await gateway.sends("hello again")
        await ann.shows("hello again")


async def test_a_window_closes_as_time_passes(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    twilio.later(timedelta(hours=23, minutes=59))
    await gateway.sends("in time")
    await ann.shows("in time")
    twilio.later(timedelta(minutes=2))
    await gateway.until_status(await gateway.sends("too late"), "failed")


async def test_nothing_opens_a_window_but_the_person(twilio: FakeTwilio, gateway: Gateway) -> None:
    bob = twilio.person("+12025550123", "Bob", has_written=False)
    sid = await gateway.sends("hello", To="whatsapp:+12025550123")
    await gateway.until_status(sid, "failed")
    await bob.says("hi")
    await gateway.sends("hello", To="whatsapp:+12025550123")
    await bob.shows("hello")


async def test_the_sandbox_ends_after_three_days() -> None:
    twilio = FakeTwilio.sandbox()
    async with twilio.running(), Gateway.of(twilio) as gateway:
        ann = twilio.person("+491701234567", "Ann", has_written=False)
        await gateway.until_status(await gateway.sends("one"), "failed")
        await ann.joins()
        await gateway.sends("two")
        await ann.shows("two")
        twilio.later(timedelta(days=3))
        await ann.says("still there?")
        sid = await gateway.sends("three")
        await gateway.until_status(sid, "failed")
        assert twilio.world.message(sid).error == 63015


@pytest.mark.parametrize(("blocked", "error"), [(True, 63033), (False, 63003)])
async def test_who_cannot_be_reached(
    twilio: FakeTwilio, gateway: Gateway, ann: Person, blocked: bool, error: int
) -> None:
    ann.blocks()
    to = ANN if blocked else "whatsapp:+4930000000"
    sid = await gateway.sends("hello", To=to)
    await gateway.until_status(sid, "undelivered")
    assert twilio.world.message(sid).error == error
    ann.unblocks()
    await gateway.sends("hello again")
    await ann.shows("hello again")


async def test_somebody_without_a_number(twilio: FakeTwilio, gateway: Gateway) -> None:
    cid = twilio.person("+33100000000", "Cid", external="FR.1349")
    cid.contact.hides_number = True
    async with gateway.listening():
        await cid.says("hi")
    [form] = gateway.forms()
    assert (form["From"], form["ExternalUserId"]) == ("whatsapp:FR.1349", "whatsapp:FR.1349")
    assert "WaId" not in form
    await gateway.sends("hello", To="whatsapp:FR.1349")
    await cid.shows("hello")


async def test_typing_is_shown_for_a_message(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    said = await ann.says("hi")
    url = f"{twilio.base_url}/v2/Indicators/Typing.json"
    assert await gateway.form(url, channel="whatsapp", messageId=said.sid) == {"success": True}
    assert ann.contact.typing == [said.sid]


async def test_definitions_are_kept(twilio: FakeTwilio, gateway: Gateway) -> None:
    sids = [await gateway.defines("text", body=f"{n}") for n in range(3)]
    url = f"{twilio.base_url}/v1/Content"
    page = await gateway.get(url, PageSize="2")
    assert [one["sid"] for one in page["contents"]] == sids[:2]
    following = page["meta"]["next_page_url"]
    assert following.startswith("https://content.twilio.com/v1/Content?")
    rest = following.replace("https://content.twilio.com", twilio.base_url)
    assert [one["sid"] for one in (await gateway.get(rest))["contents"]] == sids[2:]
    await gateway.http.delete(f"{url}/{sids[0]}", auth=gateway.auth)
    assert len((await gateway.get(url))["contents"]) == 2


async def test_a_template_is_submitted(twilio: FakeTwilio, gateway: Gateway) -> None:
    sid = await gateway.defines("text", body="Wingman: {{1}}.")
    url = f"{twilio.base_url}/v1/Content/{sid}/ApprovalRequests"
    wish = {"name": "wingman_attention", "category": "UTILITY"}
    answer = await gateway.http.post(f"{url}/whatsapp", json=wish, auth=gateway.auth)
    assert (answer.status_code, answer.json()["status"]) == (201, "received")
    assert (await gateway.get(url))["whatsapp"]["status"] == "received"


async def test_without_a_webhook_nothing_is_posted(gateway: Gateway, ann: Person) -> None:
    async with gateway.listening():
        gateway.twilio.webhook_url = ""
        await ann.says("hi")
        await spend(0.05)
    assert gateway.requests == []
