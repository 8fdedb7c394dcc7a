"""Updates: long polling, what confirms them, a second poller, webhooks."""

import asyncio
import json

import pytest

from bot.adapters.clock import SystemClock
from tests.botapi.bot import Bot, Refused, refusal
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi
from tests.support.waiting import spend, until


async def numbers(bot: Bot, offset: int) -> list[int]:
    got = await bot.call("getUpdates", offset=offset)
    return [one["update_id"] for one in got]


async def test_a_long_poll_wakes_at_once(ann: Person, bot: Bot) -> None:
    clock = SystemClock()
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(bot.updates(timeout=30))
        await spend(0.05)
        said = clock.monotonic()
        await ann.says("hello")
        [update] = await poll
    assert update["message"]["text"] == "hello"
    assert clock.monotonic() - said < 1


async def test_a_long_poll_ends_empty(bot: Bot) -> None:
    clock = SystemClock()
    begun = clock.monotonic()
    assert await bot.updates(timeout=1) == []
    assert 0.9 < clock.monotonic() - begun < 3


async def test_updates_stay_until_a_later_offset_confirms_them(ann: Person, bot: Bot) -> None:
    await ann.says("one")
    await ann.says("two")
    first, second = await numbers(bot, 0)
    assert second == first + 1
    assert await numbers(bot, first) == [first, second]
    assert await numbers(bot, second) == [second]
    assert await numbers(bot, 0) == [second]
    assert await numbers(bot, second + 1) == []


async def test_a_negative_offset_keeps_the_newest(ann: Person, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        await ann.says(text)
    kept = await numbers(bot, -1)
    assert len(kept) == 1
    assert await numbers(bot, 0) == kept


async def test_limit(ann: Person, bot: Bot) -> None:
    await ann.says("one")
    await ann.says("two")
    assert len(await bot.call("getUpdates", limit=1)) == 1


async def test_an_offset_far_ahead_confirms_nothing(
    api: FakeBotApi, ann: Person, bot: Bot
) -> None:
    await ann.says("one")
    [old] = await numbers(bot, 0)
    assert await numbers(bot, old + 1) == []
    api.restart_ids(1000)
    await ann.says("after a week")
    assert await numbers(bot, old + 1) == [1000]
    assert await numbers(bot, old + 1) == [1000]
    assert await numbers(bot, 1001) == []


async def test_a_second_poller_ends_the_first(bot: Bot, api: FakeBotApi, ann: Person) -> None:
    async with Bot(api) as other, asyncio.TaskGroup() as group:
        first = group.create_task(refusal(bot.updates(timeout=30)))
        await spend(0.05)
        second = group.create_task(other.updates(timeout=30))
        assert "409 Conflict: terminated by other getUpdates request" in str(await first)
        await ann.says("hello")
        assert len(await second) == 1


async def test_a_poller_that_went_away_is_no_other_poller(bot: Bot, ann: Person) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(bot.updates(timeout=30))
        await spend(0.05)
        poll.cancel()
    await until(lambda: not bot.api.world.updates.interrupt())
    await ann.says("hello")
    assert len(await bot.updates()) == 1


async def test_no_polling_beside_a_webhook(bot: Bot) -> None:
    await bot.call("setWebhook", url="https://example.org/hook", secret_token="s-1")
    with pytest.raises(Refused, match="409 Conflict: can't use getUpdates method while webhook"):
        await bot.updates()
    assert (await bot.call("getWebhookInfo"))["url"] == "https://example.org/hook"
    await bot.call("deleteWebhook")
    assert (await bot.call("getWebhookInfo"))["url"] == ""
    assert await bot.updates() == []


async def test_pending_updates_can_be_dropped(bot: Bot, ann: Person) -> None:
    await ann.says("hello")
    assert (await bot.call("getWebhookInfo"))["pending_update_count"] == 1
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


async def test_a_webhook_is_posted_to_until_it_takes_the_update(
    api: FakeBotApi, ann: Person, bot: Bot
) -> None:
    posts: list[tuple[bytes, bytes]] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        posts.append((head, await reader.readexactly(size)))
        status = b"500 No" if len(posts) == 1 else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        api.webhook_reachable_at.append(f"http://127.0.0.1:{port}")
        await bot.call("setWebhook", url="https://example.org/hook/tg", secret_token="s-1")
        await ann.says("hello")
        await until(lambda: not api.world.updates.waiting)
    (head, body), (_, again) = posts
    assert head.startswith(b"POST /hook/tg ")
    assert b"telegram-bot-api-secret-token: s-1" in head.lower()
    assert body == again
    assert json.loads(body)["message"]["text"] == "hello"
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"
