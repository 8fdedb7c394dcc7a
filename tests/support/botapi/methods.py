"""What the methods do that send and change messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.botapi import texts
from tests.support.botapi.chats import Chat, Look, Message
from tests.support.botapi.errors import bad_request, misuse
from tests.support.botapi.schema import Upload
from tests.support.botapi.world import World

Params = dict[str, Any]
Method = Callable[[World, Params], object]

EDITABLE_DAYS = 2
"""A bot deletes messages that are younger than 48 hours (deleteMessage)."""
UPLOAD_LIMIT = 50_000_000
DOWNLOAD_LIMIT = 20_000_000
TOAST_LIMIT = 200
QUERY_SECONDS = 60.0
"""How long an answer to a tap is taken; Telegram does not document its span."""

_EMOJI = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴
😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻
👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊
🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
REACTIONS = frozenset(_EMOJI.split())
_ACTIONS = """
typing upload_photo record_video upload_video record_voice upload_voice upload_document
choose_sticker find_location record_video_note upload_video_note
"""
ACTIONS = frozenset(_ACTIONS.split())


def send_message(world: World, params: Params) -> object:
    text = texts.not_empty(params["text"])
    look = _look(text, params.get("entities", []), params)
    return _send(world, params, look).as_json()


def send_document(world: World, params: Params) -> object:
    return _send_file(world, params, "document")


def send_photo(world: World, params: Params) -> object:
    return _send_file(world, params, "photo")


def edit_text(world: World, params: Params) -> object:
    message = _editable(world, params)
    text = texts.not_empty(params["text"])
    return _edit(world, message, _look(text, params.get("entities", []), params))


def edit_markup(world: World, params: Params) -> object:
    message = _editable(world, params)
    rows = texts.rows_of(params.get("reply_markup"))
    return _edit(world, message, Look(message.text, message.entities, rows))


def delete_message(world: World, params: Params) -> object:
    chat = world.chat(params["chat_id"])
    message = _message(chat, params["message_id"], "delete")
    if world.date - message.date > EDITABLE_DAYS * 86_400:
        raise bad_request("message can't be deleted for everyone")
    chat.remove(message)
    return True


def pin(world: World, params: Params) -> object:
    _message(world.chat(params["chat_id"]), params["message_id"], "pin").pinned = True
    return True


def unpin(world: World, params: Params) -> object:
    chat = world.chat(params["chat_id"])
    pinned = [one for one in chat.messages if one.pinned]
    if "message_id" in params:
        pinned = [_message(chat, params["message_id"], "unpin")]
    for message in pinned[-1:]:
        message.pinned = False
    return True


def react(world: World, params: Params) -> object:
    chat = world.chat(params["chat_id"])
    message = _message(chat, params["message_id"], "react")
    given = [one["emoji"] for one in params.get("reaction", [])]
    if len(given) > 1:
        raise misuse("REACTIONS_TOO_MANY")
    if set(given) - REACTIONS:
        raise misuse("REACTION_INVALID")
    message.reactions[world.bot_id] = given
    return True


def chat_action(world: World, params: Params) -> object:
    chat = world.chat(params["chat_id"])
    world.thread(chat, params.get("message_thread_id", 0))
    if params["action"] not in ACTIONS:
        raise misuse("wrong parameter action in request")
    chat.actions.append(params["action"])
    return True


def answer_tap(world: World, params: Params) -> object:
    if len(params.get("text", "")) > TOAST_LIMIT:
        raise misuse("MESSAGE_TOO_LONG")
    query = world.queries.get(params["callback_query_id"])
    late = query is None or world.clock.monotonic() - query.made > QUERY_SECONDS
    if query is None or late or query.answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answered = True
    query.toast = params.get("text", "")
    query.alert = params.get("show_alert", False)
    return True


def _look(text: str, entities: list[texts.Entity], params: Params, caption: bool = False) -> Look:
    limit = texts.CAPTION_LIMIT if caption else texts.TEXT_LIMIT
    return Look(*texts.written(text, entities, limit), texts.rows_of(params.get("reply_markup")))


def _send(world: World, params: Params, look: Look) -> Message:
    chat = world.chat(params["chat_id"])
    thread = world.thread(chat, params.get("message_thread_id", 0))
    origin, quote = _origin(chat, params.get("reply_parameters"))
    _count(world, chat)
    message = world.add_message(chat, world.bot, look, thread)
    message.reply_to, message.quote = origin, quote
    message.silent = params.get("disable_notification", False)
    return message


def _origin(chat: Chat, told: Params | None) -> tuple[Message | None, str]:
    if told is None:
        return None, ""
    if "chat_id" in told and told["chat_id"] != chat.id:
        raise misuse("replies across chats are not played here")
    message = chat.get(told["message_id"])
    if message is None and told.get("allow_sending_without_reply"):
        return None, ""
    if message is None:
        raise bad_request("message to be replied not found")
    quote = told.get("quote", "")
    if quote not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message, quote


def _send_file(world: World, params: Params, kind: str) -> object:
    given = params[kind]
    if isinstance(given, str):
        stored = world.file(given)
    elif not given.data:
        raise misuse("file must be non-empty")
    elif len(given.data) > UPLOAD_LIMIT:
        raise misuse("Request Entity Too Large")
    else:
        assert isinstance(given, Upload)
        stored = world.store(given, kind)
    look = _look(params.get("caption", ""), params.get("caption_entities", []), params, True)
    message = _send(world, params, look)
    message.file = stored
    return message.as_json()


def _count(world: World, chat: Chat) -> None:
    if world.enforce_rates:
        world.rates.count(chat.id, chat.private, world.clock.monotonic())


def _message(chat: Chat, number: int, verb: str) -> Message:
    message = chat.get(number)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    return message


def _editable(world: World, params: Params) -> Message:
    message = _message(world.chat(params["chat_id"]), params["message_id"], "edit")
    if not message.by_bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, message: Message, look: Look) -> object:
    if message.file and look.text != message.text:
        raise bad_request("there is no text in the message to edit")
    if look == message.look:
        raise texts.not_modified()
    _count(world, message.chat)
    message.show(look, world.date)
    return message.as_json()
