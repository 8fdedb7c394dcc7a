"""What can be made to go wrong."""

import asyncio

import httpx
import pytest

from tests.botapi.bot import Bot, refusal
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi
from tests.support.waiting import spend, until


async def test_a_call_fails_as_often_as_told(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    api.fail("sendMessage", 429, retry_after=3)
    refused = await refusal(bot.says(7001, "hello"))
    assert (refused.code, refused.parameters) == (429, {"retry_after": 3})
    assert refused.description == "Too Many Requests: retry after 3"
    assert ann.chat.messages == []
    await bot.says(7001, "hello")
    assert [call.code for call in api.calls_of("sendMessage")] == [429, 200]


async def test_only_one_chat_fails(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    api.person(7002, "Bob")
    api.fail("*", 500, "Internal Server Error", chat=7002, times=9)
    await bot.says(7001, "hello")
    assert (await refusal(bot.says(7002, "hello"))).code == 500


async def test_the_page_of_a_proxy(api: FakeBotApi, bot: Bot) -> None:
    api.faults.html_5xx("getMe")
    answer = await bot.http.post(bot.url("getMe"))
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert (await bot.call("getMe"))["is_bot"]


async def test_accepted_but_never_answered(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    api.faults.stall_after_accepting()
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.post(
            bot.url("sendMessage"), json={"chat_id": 7001, "text": "hello"}, timeout=0.2
        )
    assert ann.chat.last.text == "hello"


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_line_breaks(api: FakeBotApi, ann: Person, bot: Bot, accepted: bool) -> None:
    (api.faults.hang_up_after_accepting if accepted else api.faults.hang_up_before)()
    with pytest.raises(httpx.TransportError):
        await bot.says(7001, "hello")
    assert len(ann.chat.messages) == accepted
    await bot.says(7001, "hello again")


async def test_old_connections_go_silent(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    await bot.call("getMe")
    api.half_open()
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.post(
            bot.url("sendMessage"), json={"chat_id": 7001, "text": "hello"}, timeout=0.2
        )
    assert ann.chat.messages == []
    await bot.says(7001, "on a new one")


async def test_a_poll_goes_silent_and_loses_nothing(
    api: FakeBotApi, ann: Person, bot: Bot
) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(times_out(bot))
        await until(lambda: api.calls_of("getUpdates"))
        api.half_open()
        await ann.says("hello")
        await poll
    assert len(await bot.updates()) == 1


async def times_out(bot: Bot) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.post(bot.url("getUpdates"), json={"timeout": 30}, timeout=0.5)


async def test_another_program_polls(api: FakeBotApi, bot: Bot) -> None:
    api.conflict(times=2)
    assert [(await refusal(bot.updates())).code for _ in range(2)] == [409, 409]
    assert await bot.updates() == []
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(refusal(bot.updates(timeout=30)))
        await spend(0.05)
        api.conflict()
        assert (await poll).code == 409
    assert await bot.updates() == []


async def test_updates_come_twice(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    api.duplicate_updates()
    await ann.says("one")
    first = await bot.updates()
    await ann.says("two")
    second = await bot.updates()
    assert [one["message"]["text"] for one in first + second] == ["one", "one", "two"]
    assert first[0] == second[0]


async def test_updates_come_in_another_order(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    api.reorder()
    await ann.says("one")
    await ann.says("two")
    assert [one["message"]["text"] for one in await bot.updates()] == ["two", "one"]


async def test_an_update_of_any_content(api: FakeBotApi, bot: Bot) -> None:
    number = api.world.updates.push({"message": {"nonsense": True}})
    assert await bot.updates() == [{"update_id": number, "message": {"nonsense": True}}]


async def test_calls_are_held_back(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    async with asyncio.TaskGroup() as group:
        async with api.faults.held("sendMessage"):
            sent = group.create_task(bot.says(7001, "hello"))
            await until(lambda: api.calls)
            await bot.call("getMe")
            assert ann.chat.messages == []
        await sent
    assert len(ann.chat.messages) == 1


async def test_a_restart_keeps_everything() -> None:
    api = FakeBotApi()
    async with api.running(), Bot(api) as bot:
        ann = api.person(7001, "Ann")
        await bot.says(7001, "hello")
    async with Bot(api) as bot:
        with pytest.raises(httpx.ConnectError):
            await bot.call("getMe")
        async with api.running():
            await bot.says(7001, "again")
    assert [one.text for one in ann.chat.messages] == ["hello", "again"]


async def test_a_group_becomes_a_supergroup(api: FakeBotApi, bot: Bot) -> None:
    old = api.group(-55, "Crew")
    new = api.migrate(old, -1_001)
    refused = await refusal(bot.says(-55, "hello"))
    assert refused.parameters == {"migrate_to_chat_id": -1_001}
    await bot.says(-1_001, "hello")
    assert new.last.text == "hello"
