"""Messages, taps, edits and files between a person and the bot."""

import json

import pytest

from tests.botapi.bot import Bot, Refused
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi

EVERY_BYTE = bytes(range(256)) * 8 + b"\r\n--\r\n\n"
CARD = {"type": "bold", "offset": 0, "length": 5}


async def test_what_a_person_says_reaches_the_bot(ann: Person, bot: Bot) -> None:
    said = await ann.says("/start k7d")
    [update] = await bot.updates()
    message = update["message"]
    assert message["text"] == "/start k7d"
    assert message["message_id"] == said.id
    assert message["from"] == {
        "id": 7001, "is_bot": False, "first_name": "Ann", "language_code": "en",
    }  # fmt: skip
    assert message["chat"] == {"id": 7001, "type": "private", "first_name": "Ann"}
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_card_is_tapped_answered_and_edited(ann: Person, bot: Bot) -> None:
    number = await bot.says(7001, "Allow Bash?", "Allow", "Deny", entities=[CARD])
    card = await ann.chat.shows("Allow Bash")
    assert (card.id, card.labels, card.marked("bold")) == (number, ["Allow", "Deny"], ["Allow"])
    tap = await ann.taps(card, "Allow")
    [update] = await bot.updates()
    query = update["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("Allow", number)
    assert query["message"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "Allow"
    assert await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Done")
    assert await tap.answered() == "Done"
    await bot.call("editMessageText", chat_id=7001, message_id=number, text="Allowed")
    assert (card.text, card.labels) == ("Allowed", [])
    assert [look.text for look in card.history] == ["Allow Bash?"]


async def test_a_button_that_was_there_can_still_be_tapped(ann: Person, bot: Bot) -> None:
    number = await bot.says(7001, "Allow Bash?", "Allow")
    await bot.call("editMessageReplyMarkup", chat_id=7001, message_id=number)
    with pytest.raises(AssertionError, match="no button"):
        await ann.taps(ann.chat.last, "Allow")
    await ann.taps(ann.chat.last, "Allow", earlier=True)
    assert (await bot.updates())[0]["callback_query"]["data"] == "Allow"


async def test_replies_carry_what_they_answer(ann: Person, bot: Bot) -> None:
    await bot.says(7001, "Which branch?")
    await ann.says("main", reply_to=ann.chat.last)
    [update] = await bot.updates()
    assert update["message"]["reply_to_message"]["text"] == "Which branch?"
    origin = {"message_id": update["message"]["message_id"]}
    await bot.says(7001, "Thanks", reply_parameters=origin)
    answered = ann.chat.last.reply_to
    assert answered is not None
    assert answered.text == "main"


async def test_json_forms_and_parts_mean_the_same(ann: Person, bot: Bot) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    told = {"text": "Ready?", "reply_markup": markup, "disable_notification": True}
    await bot.call("sendMessage", chat_id=7001, **told)
    await bot.form("sendMessage", chat_id=7001, **told)
    parts = {name: (None, json.dumps(value)) for name, value in told.items() if name != "text"}
    await bot.upload("sendMessage", {**parts, "text": (None, "Ready?"), "chat_id": (None, "7001")})
    assert len({(one.text, one.buttons, one.silent) for one in ann.chat.from_bot}) == 1
    assert len(ann.chat.from_bot) == 3
    assert [call.params for call in bot.api.calls] == [{"chat_id": 7001, **told}] * 3


@pytest.mark.parametrize("attached", [True, False])
async def test_a_document_arrives_byte_for_byte(ann: Person, bot: Bot, attached: bool) -> None:
    more = {"document": "attach://a"} if attached else {}
    files = {"a" if attached else "document": ("diff ä.txt", EVERY_BYTE, "text/plain")}
    await bot.upload("sendDocument", files, chat_id="7001", caption="The diff", **more)
    card = ann.chat.last
    assert card.file is not None
    assert (card.text, card.file.upload.name) == ("The diff", "diff ä.txt")
    assert card.file.upload.data == EVERY_BYTE


async def test_files_of_a_person_can_be_fetched(ann: Person, bot: Bot, api: FakeBotApi) -> None:
    await ann.sends_photo(b"small picture", "look")
    await ann.sends_document("notes.md", EVERY_BYTE, "text/markdown")
    await ann.sends_voice(b"ogg")
    photo, document, voice = [one["message"] for one in await bot.updates()]
    assert (photo["caption"], voice["voice"]["mime_type"]) == ("look", "audio/ogg")
    assert document["document"]["file_name"] == "notes.md"
    stored = await bot.call("getFile", file_id=document["document"]["file_id"])
    url = f"{api.base_url}/file/bot{api.token}/{stored['file_path']}"
    assert (await bot.http.get(url)).content == EVERY_BYTE
    await ann.sends_document("big.iso", b"x" * 20_000_001)
    [update] = await bot.updates()
    with pytest.raises(Refused, match="file is too big"):
        await bot.call("getFile", file_id=update["message"]["document"]["file_id"])


async def test_small_acts(ann: Person, bot: Bot, api: FakeBotApi) -> None:
    said = await ann.says("hello")
    here = {"chat_id": 7001, "message_id": said.id}
    await bot.call("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👀"}])
    assert said.reactions == {api.world.bot_id: ["👀"]}
    await bot.call("pinChatMessage", **here)
    assert [one.pinned for one in ann.chat.messages] == [True]
    await bot.call("unpinChatMessage", chat_id=7001)
    assert [one.pinned for one in ann.chat.messages] == [False]
    await bot.call("sendChatAction", chat_id=7001, action="typing")
    assert ann.chat.actions == ["typing"]
    await bot.call("deleteMessage", **here)
    assert ann.chat.deleted == [said]
    assert ann.chat.messages == []


async def test_commands_belong_to_their_scope(ann: Person, bot: Bot) -> None:
    commands = [{"command": "peek", "description": "Show the screen"}]
    scope = {"type": "chat", "chat_id": 7001}
    await bot.call("setMyCommands", commands=commands, scope=scope)
    assert await bot.call("getMyCommands", scope=scope) == commands
    assert await bot.call("getMyCommands") == []
    await bot.call("deleteMyCommands", scope=scope)
    assert await bot.call("getMyCommands", scope=scope) == []


async def test_what_people_do_to_messages(ann: Person, bot: Bot) -> None:
    await bot.updates(allowed_updates=["message", "edited_message", "message_reaction"])
    said = await ann.says("fix it")
    await ann.edits(said, "fix them")
    await ann.reacts(said, "👍")
    _, edited, reacted = await bot.updates()
    assert edited["edited_message"]["text"] == "fix them"
    assert reacted["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_reactions_come_only_when_asked_for(ann: Person, bot: Bot) -> None:
    await ann.reacts(await ann.says("hello"), "👍")
    assert [set(one) - {"update_id"} for one in await bot.updates()] == [{"message"}]


async def test_who_blocks_the_bot_gets_nothing(ann: Person, bot: Bot) -> None:
    await ann.blocks()
    [update] = await bot.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    with pytest.raises(Refused, match="403 Forbidden: bot was blocked by the user"):
        await bot.says(7001, "hello")
    await ann.unblocks()
    assert await bot.says(7001, "hello")


async def test_the_bot_does_not_begin_a_conversation(api: FakeBotApi, bot: Bot) -> None:
    bob = api.person(7002, "Bob", started=False)
    with pytest.raises(Refused, match="403 Forbidden: bot can't initiate"):
        await bot.says(7002, "hello")
    with pytest.raises(Refused, match="400 Bad Request: chat not found"):
        await bot.says(7003, "hello")
    await bob.says("/start")
    assert await bot.says(7002, "hello")


async def test_get_me(api: FakeBotApi, bot: Bot) -> None:
    assert (await bot.call("getMe"))["is_bot"] is True
    assert (await bot.call("getMe"))["has_topics_enabled"] is False
    api.has_topics_enabled = True
    assert (await bot.call("getMe"))["has_topics_enabled"] is True
