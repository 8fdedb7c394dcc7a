"""What the fake refuses, and which refusals it holds against the bot."""

from typing import Any

import pytest

from tests.botapi.bot import Bot, refusal
from tests.support.botapi.person import Person
from tests.support.botapi.schema import METHODS as FIELDS
from tests.support.botapi.server import METHODS, FakeBotApi

HERE: dict[str, Any] = {"chat_id": 7001}
TEXT = HERE | {"text": "hello world"}


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def marked(*entities: dict[str, Any], text: str = "hello world") -> dict[str, Any]:
    return HERE | {"text": text, "entities": list(entities)}


def with_button(**button: Any) -> dict[str, Any]:
    return TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "Go", **button}]]}}


def command(name: str, description: str = "x") -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description}]}


NEVER_RIGHT = {
    "method": ("sendMesage", TEXT, "Not Found"),
    "field": ("sendMessage", TEXT | {"silent": True}, "unknown field silent"),
    "inner field": ("sendMessage", marked(entity("pre", 0, 5, lang="py")), "unknown field lang"),
    "missing": ("sendMessage", HERE, "text is missing"),
    "type": ("sendMessage", TEXT | {"disable_notification": 1}, "no bool"),
    "parse mode": ("sendMessage", TEXT | {"parse_mode": "HTML"}, "unknown field parse_mode"),
    "empty": ("sendMessage", HERE | {"text": " \n"}, "message text is empty"),
    "long": ("sendMessage", HERE | {"text": "😀" * 2049}, "message is too long"),
    "half a character": ("sendMessage", HERE | {"text": "a\ud83d"}, "UTF-8"),
    "entities": ("sendMessage", marked(*[entity("bold", 0, 1)] * 101), "101 entities"),
    "kind": ("sendMessage", marked(entity("strong", 0, 1)), "unknown type"),
    "range": ("sendMessage", marked(entity("bold", 6, 6)), "out of range of 11"),
    "nothing": ("sendMessage", marked(entity("bold", 6, 0)), "out of range"),
    "pair": ("sendMessage", marked(entity("bold", 1, 2), text="😀😀"), "cuts a character"),
    "overlap": ("sendMessage", marked(entity("bold", 0, 5), entity("italic", 3, 5)), "overlap"),
    "code": ("sendMessage", marked(entity("bold", 0, 5), entity("code", 0, 5)), "combined"),
    "quotes": (
        "sendMessage",
        marked(entity("blockquote", 0, 5), entity("expandable_blockquote", 0, 3)),
        "nested",
    ),
    "language": ("sendMessage", marked(entity("code", 0, 5, language="py")), "only pre"),
    "link": ("sendMessage", marked(entity("text_link", 0, 5)), "belong together"),
    "data": ("sendMessage", with_button(callback_data="ä" * 33), "BUTTON_DATA_INVALID"),
    "no data": ("sendMessage", with_button(callback_data=""), "BUTTON_DATA_INVALID"),
    "no action": ("sendMessage", with_button(), "exactly one action"),
    "two": ("sendMessage", with_button(callback_data="a", url="https://a"), "exactly one action"),
    "style": ("sendMessage", with_button(callback_data="a", style="green"), "button style"),
    "copy": ("sendMessage", with_button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT"),
    "toast": (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "MESSAGE_TOO_LONG",
    ),
    "command": ("setMyCommands", command("Peek"), "BOT_COMMAND_INVALID"),
    "hint": ("setMyCommands", command("peek", "x" * 257), "BOT_COMMAND_DESCRIPTION_INVALID"),
    "action": ("sendChatAction", HERE | {"action": "thinking"}, "wrong parameter action"),
    "hook": ("setWebhook", {"url": "http://example.org"}, "HTTPS URL must be provided"),
    "secret": ("setWebhook", {"url": "https://a.b", "secret_token": "a b"}, "unallowed"),
    "limit": ("getUpdates", {"limit": 101}, "out of range"),
}


@pytest.mark.parametrize("case", NEVER_RIGHT)
async def test_is_never_right(case: str, api: FakeBotApi, ann: Person, bot: Bot) -> None:
    method, params, why = NEVER_RIGHT[case]
    assert why in (await refusal(bot.call(method, **params))).description
    assert len(api.misuse) == 1
    assert ann.chat.messages == []


async def test_what_is_right_at_the_edge(api: FakeBotApi, ann: Person, bot: Bot) -> None:
    await bot.says(7001, "😀" * 2048, "ä" * 32)
    nested = [entity("blockquote", 0, 11), entity("bold", 0, 5), entity("italic", 0, 3)]
    await bot.call(
        "sendMessage",
        **marked(
            *nested,
            entity(
                "code",
                6,
                5,
            ),
        )
        | {"entities": nested},
    )
    await bot.call("sendMessage", **marked(entity("pre", 0, 5, language="diff")))
    await bot.call("sendMessage", **marked(*[entity("bold", 0, 1)] * 100))
    assert ann.chat.last.text == "hello world"
    assert api.misuse == []


async def test_white_space_at_the_end_is_dropped(ann: Person, bot: Bot) -> None:
    await bot.call("sendMessage", **marked(entity("pre", 0, 7), text="hello\n\n"))
    assert (ann.chat.last.text, ann.chat.last.marked("pre")) == ("hello", ["hello"])


async def test_what_the_world_makes_wrong_is_no_misuse(
    api: FakeBotApi, ann: Person, bot: Bot
) -> None:
    number = await bot.says(7001, "hello", "Go")
    there = HERE | {"message_id": number}
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "Go"}]]}
    said = await ann.says("hi")
    gone = HERE | {"message_id": 999}
    origin = {"reply_parameters": {"message_id": 999}}
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("editMessageText", there | {"text": "hello ", "reply_markup": markup}, "is not modified"),
        ("editMessageReplyMarkup", there | {"reply_markup": markup}, "is not modified"),
        ("editMessageText", gone | {"text": "x"}, "message to edit not found"),
        ("editMessageText", HERE | {"message_id": said.id, "text": "x"}, "can't be edited"),
        ("deleteMessage", gone, "message to delete not found"),
        ("sendMessage", TEXT | origin, "message to be replied not found"),
        ("sendMessage", TEXT | {"message_thread_id": 5}, "message thread not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("getFile", {"file_id": "x"}, "wrong file_id"),
    ]
    for method, params, why in cases:
        refused = await refusal(bot.call(method, **params))
        assert (refused.code, why in refused.description) == (400, True), refused
    assert api.misuse == []
    assert ann.chat.last.history == []


async def test_a_tap_is_answered_once_and_in_time(ann: Person, bot: Bot) -> None:
    await bot.says(7001, "Allow?", "Allow")
    tap = await ann.taps(ann.chat.last, "Allow")
    await bot.call("answerCallbackQuery", callback_query_id=tap.query.id)
    again = await refusal(bot.call("answerCallbackQuery", callback_query_id=tap.query.id))
    assert "query is too old and response timeout expired" in again.description
    late = await ann.taps(ann.chat.last, "Allow")
    late.query.made -= 3600
    again = await refusal(bot.call("answerCallbackQuery", callback_query_id=late.query.id))
    assert "query is too old" in again.description


async def test_old_messages_cannot_be_deleted(ann: Person, bot: Bot) -> None:
    number = await bot.says(7001, "hello", "Go")
    ann.chat.last.date -= 3 * 86_400
    refused = await refusal(bot.call("deleteMessage", **HERE, message_id=number))
    assert "can't be deleted" in refused.description
    await ann.taps(ann.chat.last, "Go")
    [update] = await bot.updates()
    assert update["callback_query"]["message"]["date"] == 0


async def test_a_wrong_token_opens_nothing(api: FakeBotApi, bot: Bot) -> None:
    answer = await bot.http.post(f"{api.base_url}/bot1:x/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
    api.revoke_token()
    assert (await refusal(bot.call("getMe"))).code == 401


async def test_a_long_caption_and_an_empty_file(ann: Person, bot: Bot) -> None:
    file = {"document": ("a.txt", b"x")}
    refused = await refusal(bot.upload("sendDocument", file, chat_id="7001", caption="x" * 1025))
    assert "caption is too long" in refused.description
    empty = {"document": ("a.txt", b"")}
    refused = await refusal(bot.upload("sendDocument", empty, chat_id="7001"))
    assert "non-empty" in refused.description
    assert ann.chat.messages == []


def test_every_method_has_its_fields() -> None:
    assert METHODS.keys() == FIELDS.keys()
