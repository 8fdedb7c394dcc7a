"""From an update of the Bot API to what a person said.

Only the fields that are needed are looked at, so that a kind of update or a field that is newer
than this file does no harm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.ids import EventId

CHANNEL = "telegram"

WANTED = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
"""``allowed_updates``; reactions come only when they are asked for."""

NAME_LIMIT = 64
LATEST = 2**35
"""Seconds since 1970, in the year 3058."""

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]

_GROUPS = frozenset({"group", "supergroup"})
_COMMAND = re.compile(r"(/\w+)@(\w+)")


class Poison(WingmanError):
    """An update that is not what the Bot API promises. Its text is not repeated here."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as ``getMe`` has it."""

    id: int
    username: str
    topics: bool = False
    """Private chats with it have topics ("Threaded Mode")."""
    hears_groups: bool = False
    """Privacy mode is off: in groups it gets every message, and not only what is meant for it."""


@dataclass(frozen=True, slots=True)
class House:
    """Rules for groups. ``forum`` is the one whose topics are sessions."""

    group_approvals: bool = False
    forum: int | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Changes nothing. ``edited``: that person has changed a message, which is not read again."""

    reason: str
    user: str = ""
    address: str = ""
    edited: bool = False


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _User(_Model):
    id: Number
    is_bot: bool = False
    first_name: str | None = None
    last_name: str | None = None


class _Chat(_Model):
    id: Number
    type: str = "private"


class _Size(_Model):
    file_id: str
    file_size: Number | None = None


class _File(_Size):
    file_name: str | None = None
    mime_type: str | None = None


class _Answered(_Model):
    message_id: Number
    sender: _User | None = Field(default=None, alias="from")
    forum_topic_created: object = None


class _Message(_Model):
    message_id: Number
    chat: _Chat
    date: Number = 0
    """Seconds since 1970; 0 where it is not known, as in a message that is gone."""
    sender: _User | None = Field(default=None, alias="from")
    sender_chat: _Chat | None = None
    text: str | None = None
    caption: str | None = None
    message_thread_id: Number | None = None
    is_topic_message: bool | None = None
    reply_to_message: _Answered | None = None
    photo: list[_Size] | None = None
    document: _File | None = None
    voice: _File | None = None
    audio: _File | None = None
    video: _File | None = None

    @property
    def thread(self) -> str:
        return str(self.message_thread_id or "") if self.is_topic_message else ""

    @property
    def sent_at(self) -> datetime | None:
        """None for what no calendar has."""
        return datetime.fromtimestamp(self.date, UTC) if 0 < self.date < LATEST else None

    @property
    def answers(self) -> _Answered | None:
        """Telegram makes whatever is written in a topic a reply to the topic's first message."""
        to = self.reply_to_message
        if to is None or to.forum_topic_created is not None:
            return None
        return None if str(to.message_id) == self.thread else to


class _Tap(_Model):
    id: str
    sender: _User = Field(alias="from")
    message: _Message | None = None
    data: str | None = None


class _Reaction(_Model):
    chat: _Chat
    user: _User | None = None


class _Update(_Model):
    update_id: Number
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Tap | None = None
    message_reaction: _Reaction | None = None


def parse(raw: object, me: Me, house: House) -> Inbound | Ignored:
    """Raises Poison."""
    try:
        update = _Update.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Poison(f"{where or 'update'}: {first['msg']}") from None
    if update.message is not None:
        return _said(update.update_id, update.message, me, house)
    if update.callback_query is not None:
        return _tapped(update.update_id, update.callback_query, house)
    if update.edited_message is not None:
        return _edited(update.edited_message)
    if update.message_reaction is not None:
        return _about(update.message_reaction.user, update.message_reaction.chat, "a reaction")
    return Ignored("a kind of update that means nothing here")


def _said(update: int, message: _Message, me: Me, house: House) -> Inbound | Ignored:
    user = message.sender
    chat = message.chat
    refusal = _nobody(user, chat, message.sender_chat)
    if refusal is not None or user is None:
        return refusal or Ignored("a message of nobody")
    text = _addressed(message, me, house)
    if text is None:
        return _about(user, chat, "a message that is not for this bot")
    files = _files(message)
    if not text and not files:
        return _about(user, chat, "a message without words or a file")
    answers = message.answers
    return Inbound(
        channel=CHANNEL,
        event=EventId(str(update)),
        user=str(user.id),
        name=_name(user),
        address=str(chat.id),
        text=text,
        reply_to=str(answers.message_id) if answers else "",
        thread=message.thread,
        receipt=str(message.message_id),
        files=files,
        looks_only=chat.type in _GROUPS and not house.group_approvals,
        sent_at=message.sent_at,
    )


def _tapped(update: int, tap: _Tap, house: House) -> Inbound | Ignored:
    message = tap.message
    if message is None or not tap.data:
        return Ignored("a tap on something that is not ours", str(tap.sender.id))
    refusal = _nobody(tap.sender, message.chat, None)
    if refusal is not None:
        return refusal
    return Inbound(
        channel=CHANNEL,
        event=EventId(str(update)),
        user=str(tap.sender.id),
        name=_name(tap.sender),
        address=str(message.chat.id),
        text=_plain(tap.data),
        reply_to=str(message.message_id),
        tapped=True,
        thread=message.thread,
        receipt=_plain(tap.id),
        looks_only=message.chat.type in _GROUPS and not house.group_approvals,
    )


def _edited(message: _Message) -> Ignored:
    user, chat = message.sender, message.chat
    ignored = _about(user, chat, "a message that was edited")
    own = user is not None and chat.type == "private" and chat.id == user.id
    return Ignored(ignored.reason, ignored.user, ignored.address, edited=own)


def _nobody(user: _User | None, chat: _Chat, sent_as: _Chat | None) -> Ignored | None:
    """Only a person who writes as himself can be told from others by the id."""
    if user is None or user.is_bot or sent_as is not None:
        return _about(user, chat, "a message of a bot, a channel or an anonymous admin")
    if chat.type == "private" and chat.id != user.id:
        return _about(user, chat, "a private chat of somebody else")
    if chat.type != "private" and chat.type not in _GROUPS:
        return _about(user, chat, "a channel")
    return None


def _addressed(message: _Message, me: Me, house: House) -> str | None:
    """The words, without the bot's name; None when they are not meant for this bot.

    In a group that is a command with the bot's name, a reply to one of its messages, its name
    anywhere, or whatever stands in a session's topic."""
    text = _plain(message.text or message.caption or "").strip()
    command = _COMMAND.match(text)
    if command is not None:
        if command.group(2).lower() != me.username.lower():
            return None
        text = command.group(1) + text[command.end() :]
    if message.chat.type == "private":
        return text
    if text.split(maxsplit=1)[:1] == ["/start"]:
        return None  # pairing is for private chats
    mention = re.search(rf"(?<![\w@])@{re.escape(me.username)}\b", text, re.IGNORECASE)
    if mention is not None:
        text = f"{text[: mention.start()].rstrip()} {text[mention.end() :].lstrip()}".strip()
    answers = message.answers
    is_reply = answers is not None and answers.sender is not None and answers.sender.id == me.id
    in_topic = message.chat.id == house.forum and bool(message.thread)
    return text if command or mention or is_reply or in_topic else None


def _files(message: _Message) -> tuple[InboundFile, ...]:
    """A photo comes in several sizes, the largest one last."""
    found: list[InboundFile] = []
    if message.photo:
        found.append(_file(message.photo[-1], "photo.jpg", "image/jpeg"))
    for file, name, mime in (
        (message.document, "document", "application/octet-stream"),
        (message.voice, "voice.ogg", "audio/ogg"),
        (message.audio, "audio.mp3", "audio/mpeg"),
        (message.video, "video.mp4", "video/mp4"),
    ):
        if file is not None:
            given = _plain(file.file_name or "") or name
            found.append(_file(file, given, file.mime_type or mime))
    return tuple(found)


def _file(file: _Size, name: str, mime: str) -> InboundFile:
    return InboundFile(_plain(file.file_id), name, max(0, file.file_size or 0), _plain(mime))


def _about(user: _User | None, chat: _Chat, reason: str) -> Ignored:
    return Ignored(reason, str(user.id) if user else "", str(chat.id))


def _name(user: _User) -> str:
    """Shown only, and never compared with anything."""
    words = _plain(f"{user.first_name or ''} {user.last_name or ''}").split()
    shown = "".join(char for char in " ".join(words) if char.isprintable())
    return shown[:NAME_LIMIT] or str(user.id)


def _plain(text: str) -> str:
    """A database may not take NUL, and half a surrogate pair cannot be written at all."""
    return text.replace("\0", "").encode(errors="replace").decode()
