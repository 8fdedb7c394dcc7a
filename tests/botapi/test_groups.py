"""Groups, forums, topics, and how much may be sent."""

import pytest

from tests.botapi.bot import Bot, refusal
from tests.support.botapi.errors import Refusal
from tests.support.botapi.person import Person
from tests.support.botapi.rates import Rates
from tests.support.botapi.server import FakeBotApi

CREW = -100_500


async def texts(bot: Bot) -> list[str]:
    return [one["message"]["text"] for one in await bot.updates()]


async def test_in_a_group_the_bot_hears_what_is_meant_for_bots(
    api: FakeBotApi, ann: Person, bot: Bot
) -> None:
    crew = api.group(CREW, "Crew")
    await bot.says(CREW, "Allow?")
    await ann.says("lunch?", to=crew)
    await ann.says("/peek", to=crew)
    await ann.says(f"hey @{api.bot_username}", to=crew)
    await ann.says("yes", to=crew, reply_to=crew.last)
    assert await texts(bot) == ["/peek", f"hey @{api.bot_username}", "yes"]


async def test_an_administrator_hears_everything(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    crew = api.group(CREW, "Crew", hears_all=True)
    await ann.says("lunch?", to=crew)
    assert await texts(bot) == ["lunch?"]
    me = (await bot.call("getMe"))["id"]
    member = await bot.call("getChatMember", chat_id=CREW, user_id=me)
    assert (member["status"], member["can_manage_topics"]) == ("administrator", True)


async def test_numbers_of_messages_are_those_of_their_chat(api: FakeBotApi, bot: Bot) -> None:
    api.group(CREW, "Crew")
    api.group(-100_501, "Other")
    assert await bot.says(CREW, "one") == await bot.says(-100_501, "two")


async def test_topics_of_a_forum(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    crew = api.group(CREW, "Crew", forum=True)
    assert (await bot.call("getChat", chat_id=CREW))["is_forum"] is True
    topic = await bot.call("createForumTopic", chat_id=CREW, name="api")
    thread = topic["message_thread_id"]
    await bot.says(CREW, "hello", message_thread_id=thread)
    assert crew.last.thread == thread
    await ann.says("hi", to=crew, thread=thread)
    [update] = await bot.updates()
    assert update["message"]["message_thread_id"] == thread
    root = update["message"]["reply_to_message"]
    assert root["forum_topic_created"]["name"] == "api"
    await bot.call("closeForumTopic", chat_id=CREW, message_thread_id=thread)
    assert crew.topics[thread].closed
    api.forget_topic(crew, thread)
    refused = await refusal(bot.says(CREW, "hello", message_thread_id=thread))
    assert refused.description == "Bad Request: message thread not found"


async def test_topics_of_a_private_chat(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    refused = await refusal(bot.call("createForumTopic", chat_id=7001, name="api"))
    assert refused.description == "Bad Request: the chat is not a forum"
    api.has_topics_enabled = True
    thread = (await bot.call("createForumTopic", chat_id=7001, name="api"))["message_thread_id"]
    await ann.says("hi", thread=thread)
    [update] = await bot.updates()
    assert update["message"]["message_thread_id"] == thread
    assert "reply_to_message" not in update["message"]
    params = {"chat_id": 7001, "message_thread_id": thread}
    await bot.call("editForumTopic", **params, name="web")
    assert ann.chat.topics[thread].name == "web"
    await refusal(bot.call("closeForumTopic", **params))
    await bot.call("deleteForumTopic", **params)
    assert ann.chat.topics == {}


async def test_an_ordinary_member_makes_no_topics(api: FakeBotApi, bot: Bot) -> None:
    api.group(CREW, "Crew", forum=True).hears_all = False
    refused = await refusal(bot.call("createForumTopic", chat_id=CREW, name="api"))
    assert "not enough rights" in refused.description


async def test_rates_are_enforced_when_asked(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    number = await bot.says(7001, "one")
    await bot.says(7001, "two")
    api.enforce_rates = True
    await bot.says(7001, "three")
    edit = bot.call("editMessageText", chat_id=7001, message_id=number, text="1")
    assert (await refusal(edit)).parameters == {"retry_after": 1}
    assert (await refusal(bot.says(7001, "four"))).code == 429
    api.person(7002, "Bob")
    await bot.says(7002, "another chat")


@pytest.mark.parametrize(
    ("private", "pause", "fitting", "wait"), [(True, 0.9, 1, 1), (False, 1.0, 20, 40)]
)
def test_rates_of_a_chat(private: bool, pause: float, fitting: int, wait: int) -> None:
    rates = Rates()
    for at in range(fitting):
        rates.count(1, private, at * pause)
    with pytest.raises(Refusal) as refused:
        rates.count(1, private, fitting * pause)
    assert refused.value.parameters == {"retry_after": wait}


def test_one_a_second_to_a_person_goes_on_and_on() -> None:
    rates = Rates()
    for at in range(100):
        rates.count(1, True, at)


def test_thirty_a_second_overall() -> None:
    rates = Rates()
    for chat in range(1, 31):
        rates.count(chat, True, 0.0)
    with pytest.raises(Refusal, match="retry after 1"):
        rates.count(31, True, 0.5)
    rates.count(31, True, 1.0)
