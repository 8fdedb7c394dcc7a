"""What can be made to go wrong."""

import httpx
import pytest

from tests.support.provider.wire import Reply
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until
from tests.twilioapi.gateway import STATUS, WEBHOOK, Gateway, Refused


async def test_a_request_fails_as_often_as_told(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    twilio.faults.fail("messages.create", 503, 20500, times=2)
    for _ in range(2):
        with pytest.raises(Refused, match="503 20500"):
            await gateway.sends("hello")
    assert await gateway.listed() == []
    await gateway.sends("hello")
    assert [call.status for call in twilio.calls_of("messages.create")] == [503, 503, 201]
    await ann.shows("hello")


@pytest.mark.parametrize("after", [None, 7])
async def test_too_many(twilio: FakeTwilio, gateway: Gateway, after: int | None) -> None:
    twilio.faults.too_many("messages.list", after=after)
    answer = await gateway.http.get(gateway.url("/Messages.json"), auth=gateway.auth)
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert answer.headers.get("retry-after") == (None if after is None else str(after))


async def test_the_page_of_a_proxy(twilio: FakeTwilio, gateway: Gateway) -> None:
    twilio.faults.html_5xx()
    answer = await gateway.http.get(gateway.url("/Messages.json"), auth=gateway.auth)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert await gateway.listed() == []


async def test_accepted_but_never_answered(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    twilio.faults.stall_after_accepting()
    fields = {"To": "whatsapp:+491701234567", "From": twilio.sender, "Body": "hello"}
    with pytest.raises(httpx.ReadTimeout):
        await gateway.http.post(
            gateway.url("/Messages.json"), data=fields, auth=gateway.auth, timeout=0.2
        )
    await ann.shows("hello")
    assert [one["body"] for one in await gateway.listed()] == ["hello"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_line_breaks(twilio: FakeTwilio, gateway: Gateway, accepted: bool) -> None:
    faults = twilio.faults
    (faults.hang_up_after_accepting if accepted else faults.hang_up_before)("messages.create")
    with pytest.raises(httpx.TransportError):
        await gateway.sends("hello")
    assert len(twilio.sent) == accepted


async def test_old_connections_go_silent(twilio: FakeTwilio, gateway: Gateway) -> None:
    await gateway.listed()
    twilio.half_open()
    with pytest.raises(httpx.ReadTimeout):
        await gateway.http.get(gateway.url("/Messages.json"), auth=gateway.auth, timeout=0.2)
    assert await gateway.listed() == []


async def test_all_is_posted_twice(twilio: FakeTwilio, gateway: Gateway, ann: Person) -> None:
    twilio.duplicate_posts()
    async with gateway.listening():
        await ann.says("hi")
        await gateway.sends("hello", StatusCallback=STATUS)
        await gateway.until_reports(4)
    first, second = gateway.forms()
    assert first == second
    tokens = [one.headers["i-twilio-idempotency-token"] for one in gateway.requests[:2]]
    assert tokens[0] == tokens[1]
    assert gateway.statuses() == ["sent", "sent", "delivered", "delivered"]


async def test_reports_in_another_order(twilio: FakeTwilio, gateway: Gateway, ann: Person) -> None:
    twilio.reorder_reports()
    async with gateway.listening():
        await gateway.sends("hello", StatusCallback=STATUS)
        await gateway.until_reports(2)
    assert gateway.statuses() == ["delivered", "sent"]


@pytest.mark.parametrize(("address", "posts"), [(WEBHOOK, 1), (f"{WEBHOOK}#rc=2&rp=all", 3)])
async def test_an_error_is_tried_again_only_where_asked_for(
    twilio: FakeTwilio, gateway: Gateway, ann: Person, address: str, posts: int
) -> None:
    gateway.answer = lambda request: Reply(503, b"")
    async with gateway.listening():
        twilio.webhook_url = address
        await ann.says("hi")
    assert len(gateway.requests) == posts


async def test_nobody_there_is_tried_once_more(twilio: FakeTwilio, ann: Person) -> None:
    twilio.webhook_url = WEBHOOK
    twilio.reachable_at.append("http://127.0.0.1:9")
    await ann.says("hi")
    assert [post.status for post in twilio.poster.posts] == [0, 0]


async def test_a_message_is_kept_in_the_queue(
    twilio: FakeTwilio, gateway: Gateway, ann: Person
) -> None:
    twilio.courier.keeping = True
    sid = await gateway.sends("hello")
    assert (await gateway.get(gateway.url(f"/Messages/{sid}.json")))["status"] == "queued"
    twilio.courier.keeping = False
    await ann.shows("hello")


async def test_requests_are_held_back(twilio: FakeTwilio, gateway: Gateway) -> None:
    async with twilio.faults.held("messages.list"):
        with pytest.raises(httpx.ReadTimeout):
            await gateway.http.get(gateway.url("/Messages.json"), auth=gateway.auth, timeout=0.1)
        await gateway.sends("hello")
    await until(lambda: twilio.sent)


async def test_a_restart_keeps_everything() -> None:
    twilio = FakeTwilio()
    async with twilio.running(), Gateway.of(twilio) as gateway:
        ann = twilio.person("+491701234567", "Ann")
        await gateway.sends("hello")
        await ann.shows("hello")
    async with Gateway.of(twilio) as gateway:
        with pytest.raises(httpx.ConnectError):
            await gateway.listed()
        async with twilio.running():
            await gateway.sends("again")
            await ann.shows("again")
    assert ann.texts == ["hello", "again"]
