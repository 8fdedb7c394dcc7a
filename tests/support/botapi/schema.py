"""The methods and objects of the Bot API that a gateway may use, and how their fields are read.

Telegram ignores a field that it does not know; here it is refused, as it is always a slip.
Names and types: Bot API 10.1. ``!`` marks what must be there; without a type it is a string.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.message import Message as Mime
from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple
from urllib.parse import parse_qsl

from tests.support.botapi.errors import Refusal, misuse, unknown_method

_SENT = """chat_id:chat! message_thread_id:int disable_notification:bool protect_content:bool
    message_effect_id reply_parameters:ReplyParameters reply_markup:Markup"""
_CAPTION = "caption caption_entities:[MessageEntity]"
_EDITED = "chat_id:chat! message_id:int! reply_markup:InlineKeyboardMarkup"
_TOPIC = "chat_id:chat! message_thread_id:int!"

_METHODS = {
    "getMe": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:[str]",
    "setWebhook": """url! ip_address max_connections:int allowed_updates:[str]
        drop_pending_updates:bool secret_token""",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": f"""{_SENT} text! entities:[MessageEntity]
        link_preview_options:LinkPreviewOptions""",
    "sendDocument": f"{_SENT} {_CAPTION} document:file! disable_content_type_detection:bool",
    "sendPhoto": f"{_SENT} {_CAPTION} photo:file! has_spoiler:bool show_caption_above_media:bool",
    "editMessageText": f"""{_EDITED} text! entities:[MessageEntity]
        link_preview_options:LinkPreviewOptions""",
    "editMessageReplyMarkup": _EDITED,
    "deleteMessage": "chat_id:chat! message_id:int!",
    "pinChatMessage": "chat_id:chat! message_id:int! disable_notification:bool",
    "unpinChatMessage": "chat_id:chat! message_id:int",
    "setMessageReaction": "chat_id:chat! message_id:int! reaction:[Reaction] is_big:bool",
    "sendChatAction": "chat_id:chat! message_thread_id:int action!",
    "answerCallbackQuery": "callback_query_id! text show_alert:bool url cache_time:int",
    "getFile": "file_id!",
    "getChat": "chat_id:chat!",
    "getChatMember": "chat_id:chat! user_id:int!",
    "setMyCommands": "commands:[BotCommand]! scope:Scope language_code",
    "getMyCommands": "scope:Scope language_code",
    "deleteMyCommands": "scope:Scope language_code",
    "createForumTopic": "chat_id:chat! name! icon_color:int icon_custom_emoji_id",
    "editForumTopic": f"{_TOPIC} name icon_custom_emoji_id",
    "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC,
    "deleteForumTopic": _TOPIC,
}

_OBJECTS = {
    "MessageEntity": """type! offset:int! length:int! url language custom_emoji_id unix_time:int
        date_time_format""",
    "LinkPreviewOptions": """is_disabled:bool url prefer_small_media:bool prefer_large_media:bool
        show_above_text:bool""",
    "ReplyParameters": """message_id:int! chat_id:chat allow_sending_without_reply:bool quote
        quote_entities:[MessageEntity] quote_position:int""",
    "InlineKeyboardMarkup": "inline_keyboard:[[InlineKeyboardButton]]!",
    "InlineKeyboardButton": "text! style url callback_data copy_text:CopyTextButton",
    "CopyTextButton": "text!",
    "ForceReply": "force_reply:bool! input_field_placeholder selective:bool",
    "ReplyKeyboardRemove": "remove_keyboard:bool! selective:bool",
    "Reaction": "type! emoji!",
    "BotCommand": "command! description!",
    "Scope": "type! chat_id:chat user_id:int",
}


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    mime: str


class Field(NamedTuple):
    kind: str
    required: bool


def _fields(line: str) -> dict[str, Field]:
    found = {}
    for word in line.split():
        name, _, kind = word.rstrip("!").partition(":")
        found[name] = Field(kind or "str", word.endswith("!"))
    return found


METHODS = {name: _fields(line) for name, line in _METHODS.items()}
_TYPES = {name: _fields(line) for name, line in _OBJECTS.items()}


def parameters(method: str, raw: dict[str, object]) -> dict[str, object]:
    """What was meant, in Python's types; a ``Refusal`` if that is not a right call."""
    if method not in METHODS:
        raise unknown_method()
    return _object(METHODS[method], raw, method)


def _object(fields: dict[str, Field], raw: dict[str, object], path: str) -> dict[str, object]:
    if unknown := sorted(raw.keys() - fields.keys()):
        raise misuse(f"{path}: unknown field {', '.join(unknown)}")
    for name, field in fields.items():
        if field.required and raw.get(name) is None:
            raise misuse(f"{path}: {name} is missing")
    return {
        name: _value(fields[name].kind, value, f"{path}.{name}")
        for name, value in raw.items()
        if value is not None
    }


def _value(kind: str, raw: object, path: str) -> object:
    if kind not in {"str", "chat", "file"} and isinstance(raw, str):
        raw = _parsed(raw, path)
    if kind == "chat" and isinstance(raw, str) and re.fullmatch(r"-?\d+", raw):
        raw = int(raw)
    if kind.startswith("["):
        if not isinstance(raw, list):
            raise misuse(f"{path}: not a list")
        return [_value(kind[1:-1], one, f"{path}[{at}]") for at, one in enumerate(raw)]
    if kind in _SIMPLE:
        if type(raw) not in _SIMPLE[kind]:
            raise misuse(f"{path}: {raw!r} is no {kind}")
        return raw
    if not isinstance(raw, dict):
        raise misuse(f"{path}: {raw!r} is no {kind}")
    return _object(_TYPES[_markup(raw) if kind == "Markup" else kind], raw, path)


_SIMPLE: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "chat": (int, str),
    "file": (str, Upload),
}


def _markup(raw: dict[str, object]) -> str:
    if "force_reply" in raw:
        return "ForceReply"
    return "ReplyKeyboardRemove" if "remove_keyboard" in raw else "InlineKeyboardMarkup"


def _parsed(text: str, path: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise misuse(f"{path}: {text!r} is no JSON") from None


def fields_of(content_type: str, body: bytes, query: str) -> dict[str, object]:
    """The raw fields of a call: from its query, a form, JSON, or parts that may hold files."""
    raw: dict[str, object] = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return raw
    if kind == "application/json":
        parsed = _parsed(body.decode(), "the body")
        if not isinstance(parsed, dict):
            raise misuse("the body is not an object")
        return raw | parsed
    if kind == "application/x-www-form-urlencoded":
        return raw | dict(parse_qsl(body.decode(), keep_blank_values=True))
    if kind == "multipart/form-data":
        return raw | _attached(dict(_parts(content_type, body)))
    raise Refusal(400, f"Bad Request: content type {content_type}", misuse=True)


def _parts(content_type: str, body: bytes) -> list[tuple[str, object]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return [(_name(part), _part(part)) for part in message.iter_parts()]


def _name(part: Mime) -> str:
    return str(part.get_param("name", header="content-disposition"))


def _part(part: Mime) -> object:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    name = part.get_filename()
    return data.decode() if name is None else Upload(name, data, part.get_content_type())


def _attached(raw: dict[str, object]) -> dict[str, object]:
    """``attach://part`` stands for the part of that name."""
    used = {
        value.removeprefix("attach://")
        for value in raw.values()
        if isinstance(value, str) and value.startswith("attach://")
    }
    return {
        name: raw[value.removeprefix("attach://")]
        if isinstance(value, str) and value.startswith("attach://")
        else value
        for name, value in raw.items()
        if name not in used
    }
