"""Where Telegram's messages go and whence they come: topics of a group and of a private chat, and
a webhook instead of polling."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from tests.support.botapi.chats import Chat, Message
from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}
CLEAN = {"bash": "rm -rf dist", "id": "clean", "about": "Clean up"}
GROUP = -1001234567890
PUBLIC = "https://wingman.example.org"
SECRET = "X-Telegram-Bot-Api-Secret-Token"


def topic(chat: Chat, name: str) -> int:
    (number,) = (number for number, one in chat.topics.items() if one.name == name)
    return number


async def test_each_session_has_a_topic_of_the_group_where_all_is_decided(
    tmp_path: Path, telegram: FakeBotApi
) -> None:
    group = telegram.group(GROUP, "Team", forum=True)
    mallory = telegram.person(6660, "Mallory")
    forum = {
        "TELEGRAM__LAYOUT": "forum",
        "TELEGRAM__GROUP": str(GROUP),
        "TELEGRAM__GROUP_APPROVALS": "true",
    }
    async with Home(tmp_path, telegram, **forum).open() as home:
        home.crew.hire("shop", BUILD, CLEAN)
        card = await group.shows("npm run build", within=20)
        shop = topic(group, "shop")
        assert card.thread == shop
        await mallory.taps(card, "Approve")
        await mallory.says("approve", to=group, thread=shop)
        await home.ann.taps(card, "Approve")
        await until(lambda: home.did() == [("allowed", "build")])
        second = await group.shows("rm -rf dist", within=20)
        await home.ann.says("deny", to=group, thread=shop)
        await until(lambda: home.did()[1:] == [("denied", "clean")])
        await until(lambda: not second.buttons)
        assert home.ann.chat.from_bot == []
        assert {message.thread for message in group.from_bot} == {shop}


async def test_topics_of_a_private_chat_fall_back_to_it_when_one_is_gone(
    tmp_path: Path, telegram: FakeBotApi
) -> None:
    telegram.has_topics_enabled = True
    async with Home(tmp_path, telegram, TELEGRAM__LAYOUT="topics").open() as home:
        chat = home.ann.chat
        home.crew.hire("shop", BUILD, CLEAN)
        card = await chat.shows("npm run build", within=20)
        shop = topic(chat, "shop")
        assert card.thread == shop
        telegram.forget_topic(chat, shop)
        await home.crew.enter("shop")
        fallen = await chat.shows("Answered at the terminal", within=20)
        assert (fallen.thread, "npm run …" in fallen.text) == (0, True)
        assert (await chat.shows("topic of session 'shop' is gone")).thread == 0
        card = await chat.shows("rm -rf dist", within=20)
        assert card.thread == topic(chat, "shop") != shop
        await home.ann.says("deny", thread=card.thread)
        await until(lambda: home.did() == [("allowed", "build"), ("denied", "clean")])


async def test_a_webhook_brings_updates_and_only_with_its_secret(
    tmp_path: Path, telegram: FakeBotApi
) -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    telegram.webhook_reachable_at.append(here)
    posted = {
        "TELEGRAM__MODE": "webhook",
        "WEB__PUBLIC_URL": PUBLIC,
        "WEB__PORT": str(port),
    }
    async with Home(tmp_path, telegram, **posted).open() as home:
        home.crew.hire("shop", BUILD)
        card = await home.ann.chat.shows("npm run build", within=20)
        hook = telegram.world.webhook
        assert hook.url == f"{PUBLIC}/telegram/webhook"
        forged = update_of(home, card)
        async with httpx.AsyncClient(base_url=here, trust_env=False) as stranger:
            for headers in ({}, {SECRET: "a-guess"}, {SECRET: hook.secret[:-1]}):
                answer = await stranger.post("/telegram/webhook", json=forged, headers=headers)
                assert answer.status_code == 403
        await home.ann.says("ping")
        await home.ann.chat.shows("pong")
        assert home.did() == []
        await home.ann.taps(card, "Approve")
        await until(lambda: home.did() == [("allowed", "build")])
        assert telegram.calls_of("getUpdates") == []
        assert hook.secret not in home.gateway.log.read_text()
        kept = [path for path in home.gateway.state.rglob("*") if path.is_file()]
        assert not [path for path in kept if hook.secret.encode() in path.read_bytes()]


def update_of(home: Home, card: Message) -> dict[str, object]:
    """Ann's tap on Approve, as somebody would post it who knows all but the secret."""
    query = {
        "id": "77",
        "from": home.ann.user,
        "message": card.as_json(),
        "chat_instance": "1",
        "data": card.button("Approve").data,
    }
    return {"update_id": 900_001, "callback_query": query}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
