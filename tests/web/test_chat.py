"""The chat over real HTTP: what goes in once, and what a page hears."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.core.notices import Attachment, Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle
from tests.support.files import PNG, SVG
from tests.support.gateway import Gateway
from tests.support.surface import make_session

CARD = Notice(
    NoticeKind.PROMPT,
    "🔒 Session 'one' needs approval",
    (Part("npm run build", PartStyle.CODE),),
    (Button("Approve", "approve k3f9", ButtonStyle.ALLOW),),
    session="one",
    code="k3f9",
)
DONE = Notice(NoticeKind.CLOSED, "✓ Session 'one' approved (once)", code="k3f9")
SHOT = Attachment("one.png", "image/png", PNG)

Seen = dict[str, Any]


async def hear(lines: AsyncIterator[str]) -> AsyncIterator[Seen]:
    event: Seen = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            event[name] = json.loads(value) if name == "data" else value
        elif "data" in event:
            yield event
            event = {}


async def until_synced(api: httpx.AsyncClient, **how: Any) -> list[Seen]:
    seen = []
    async with api.stream("GET", "/api/chat/events", **how) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for event in hear(answer.aiter_lines()):
            if event["event"] == "synced":
                break
            seen.append(event)
    return seen


async def test_words_go_to_the_inbox_once(gateway: Gateway, api: httpx.AsyncClient) -> None:
    body = {"text": "approve k3f9", "reply_to": 3, "event": "0123456789ab", "tapped": True}
    assert (await api.post("/api/chat", json=body)).json() == {"new": True, "message": 1}
    assert (await api.post("/api/chat", json=body)).json() == {"new": False, "message": 1}
    (inbound,) = gateway.inbox.accepted
    assert (inbound.text, inbound.reply_to, inbound.tapped) == ("approve k3f9", "3", True)
    assert inbound.name == "API"
    assert len(gateway.log.messages) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 1},
        {"text": "x" * 100_001},
        {"text": "x", "reply_to": 0},
        {"text": "x", "reply_to": "1; drop"},
        {"text": "x", "event": "short"},
        {"text": "x", "event": "a b c d e f g h"},
        ["text"],
        None,
    ],
)
async def test_wrong_bodies_are_named_and_do_nothing(
    gateway: Gateway, api: httpx.AsyncClient, body: object
) -> None:
    answer = await api.post("/api/chat", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert not gateway.inbox.accepted


async def test_history_comes_first_and_has_ids(gateway: Gateway, api: httpx.AsyncClient) -> None:
    await gateway.phone.send("local", CARD)
    await gateway.phone.submit("ping")
    first, second = await until_synced(api)
    assert [first["id"], second["id"]] == ["1", "2"]
    assert first["data"]["notice"]["buttons"] == [
        {"label": "Approve", "command": "approve k3f9", "style": "allow"}
    ]
    assert second["data"]["text"] == "ping"


async def test_a_stream_resumes_after_the_last_event(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    reference = await gateway.phone.send("local", CARD)
    await gateway.phone.submit("ping")
    await gateway.phone.edit("local", reference, DONE)
    for how in ({"headers": {"Last-Event-ID": "2"}}, {"params": {"after": "2"}}):
        (event,) = await until_synced(api, **how)
        assert (event["id"], event["data"]["id"]) == ("3", 1)
        assert event["data"]["notice"]["kind"] == "closed"
    assert len(await until_synced(api, headers={"Last-Event-ID": "nonsense"})) == 2


@pytest.mark.parametrize(
    ("file", "mime", "shown"),
    [
        (Attachment("a b.png", "image/png", PNG), "image/png", "inline"),
        (Attachment("a.svg", "image/svg+xml", SVG), "application/octet-stream", "attachment"),
        (Attachment("a.html", "text/html", b"<b>"), "application/octet-stream", "attachment"),
        (Attachment("a.png", "image/png", SVG), "application/octet-stream", "attachment"),
    ],
)
async def test_a_file_is_fetched_and_only_a_picture_is_shown(
    gateway: Gateway, api: httpx.AsyncClient, file: Attachment, mime: str, shown: str
) -> None:
    await gateway.phone.send("local", replace(DONE, attachments=(file,)))
    message, *_ = await until_synced(api)
    path = message["data"]["notice"]["attachments"][0]["url"]
    answer = await api.get(path)
    assert answer.content == file.data
    headers = answer.headers
    assert headers["content-type"] == mime
    assert headers["content-disposition"].startswith(f"{shown}; filename*=UTF-8''a")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_no_file_without_a_login_and_none_that_is_not_there(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    await gateway.phone.send("local", replace(DONE, attachments=(SHOT,)))
    async with gateway.client() as stranger:
        assert (await stranger.get("/api/chat/1/files/0")).status_code == 401
        stranger.cookies.update(gateway.cookie)
        assert (await stranger.get("/api/chat/1/files/0")).content == PNG
    for path in ("/api/chat/1/files/1", "/api/chat/1/files/-1", "/api/chat/2/files/0"):
        assert (await api.get(path)).status_code == 404


async def test_news_comes_while_the_stream_is_open(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    async with api.stream("GET", "/api/chat/events") as answer:
        events = hear(answer.aiter_lines())
        assert (await anext(events))["data"] == {"revision": 0}
        reference = await gateway.phone.send("local", CARD)
        assert (await anext(events))["data"]["notice"]["code"] == "k3f9"
        await gateway.phone.edit("local", reference, DONE)
        assert (await anext(events))["data"]["notice"]["title"] == DONE.title


async def test_one_stream_can_carry_the_sessions_too(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    gateway.surface.open_sessions = [make_session("one")]
    async with api.stream("GET", "/api/chat/events", params={"sessions": "true"}) as answer:
        names = set()
        async for event in hear(answer.aiter_lines()):
            names.add(event["event"])
            if names >= {"synced", "snapshot"}:
                break


async def test_a_command_is_answered_at_once(gateway: Gateway, api: httpx.AsyncClient) -> None:
    answer = (await api.post("/api/command", json={"text": "ping"})).json()
    assert (answer["ok"], answer["notice"]["title"]) == (True, "you said ping")
    assert not (await api.post("/api/command", json={"text": "refuse"})).json()["ok"]
    assert gateway.surface.done[0] == ("command", "ping", "API")


async def test_completions(gateway: Gateway, api: httpx.AsyncClient) -> None:
    gateway.surface.wait(make_session("one"), "k3f9")
    words = (await api.get("/api/completions")).json()
    assert {"approve", "one", "k3f9"} <= set(words)
