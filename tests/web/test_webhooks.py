"""Where providers post, over real HTTP."""

from collections.abc import Mapping
from http import HTTPStatus

import pytest

from bot.ports.webhook import Webhook
from tests.support.gateway import Gateway

PATH = "/fake/webhook"


class Provider:
    def __init__(self) -> None:
        self.posted: list[tuple[str, bytes]] = []

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        if headers.get("x-secret") != "right":
            return HTTPStatus.FORBIDDEN
        self.posted.append((headers["x-secret"], body))
        return HTTPStatus.OK


def gateway(provider: Provider) -> Gateway:
    return Gateway(webhooks=(Webhook(PATH, provider.handle),))


async def test_a_provider_needs_no_login_and_shows_its_own_proof() -> None:
    provider = Provider()
    async with gateway(provider).running() as running, running.client() as client:
        right = await client.post(PATH, json={"a": 1}, headers={"X-Secret": "right"})
        wrong = await client.post(PATH, json={"a": 2}, headers={"X-Secret": "wrong"})
    assert (right.status_code, wrong.status_code) == (200, 403)
    assert provider.posted == [("right", b'{"a":1}')]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("PUT", PATH),
        ("DELETE", PATH),
        ("POST", PATH + "/"),
        ("POST", "/Fake/webhook"),
        ("POST", "//fake/webhook"),
        ("POST", "/fake/webhook/../../api/chat"),
        ("POST", "/fake"),
    ],
)
async def test_only_that_path_and_only_posting_is_open(method: str, path: str) -> None:
    provider = Provider()
    async with gateway(provider).running() as running, running.client() as client:
        answer = await client.request(
            method, path, json={"text": "x"}, headers={"X-Secret": "right"}
        )
    assert answer.status_code == 401
    assert not provider.posted
    assert not running.inbox.accepted


async def test_the_other_checks_hold_there_too() -> None:
    provider = Provider()
    right = {"X-Secret": "right"}
    async with gateway(provider).running() as running, running.client() as client:
        answers = [
            await client.post(PATH, json={}, headers={**right, "Host": "evil.example.org"}),
            await client.post(PATH, json={}, headers={**right, "Origin": "https://evil.org"}),
            await client.post(PATH, content=b"x" * 300_000, headers=right),
        ]
    assert [answer.status_code for answer in answers] == [421, 403, 415]
    assert not provider.posted


async def test_without_a_channel_that_has_one_there_is_none() -> None:
    async with Gateway().running() as running, running.client() as client:
        assert (await client.post(PATH, json={})).status_code == 401


async def test_forms_are_taken_there_and_nowhere_else() -> None:
    provider = Provider()
    right = {"X-Secret": "right"}
    async with gateway(provider).running() as running, running.client() as client:
        there = await client.post(PATH, data={"Body": "hi"}, headers=right)
        elsewhere = await client.post("/api/chat", data={"text": "x"}, headers=running.bearer)
    assert (there.status_code, elsewhere.status_code) == (200, 415)
    assert provider.posted == [("right", b"Body=hi")]


async def test_a_provider_may_want_to_hear_something() -> None:
    provider = Provider()
    hook = Webhook(PATH, provider.handle, says="<Response/>", media_type="text/xml")
    async with Gateway(webhooks=(hook,)).running() as running, running.client() as client:
        taken = await client.post(PATH, json={}, headers={"X-Secret": "right"})
        refused = await client.post(PATH, json={}, headers={"X-Secret": "wrong"})
    assert (taken.text, taken.headers["content-type"]) == (
        "<Response/>",
        "text/xml; charset=utf-8",
    )
    assert (refused.status_code, refused.text) == (403, "")
