"""Chats and what stands in them, as a person sees it now."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.botapi.schema import Upload
from tests.support.botapi.texts import Button, Entity, Rows, cut_out
from tests.support.provider.shown import Shown

JSON = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """What a message showed at one time."""

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: Rows = ()


@dataclass(frozen=True)
class StoredFile:
    id: str
    upload: Upload
    kind: str
    path: str

    @property
    def size(self) -> int:
        return len(self.upload.data)


@dataclass(eq=False)
class Message:
    id: int
    chat: Chat
    sender: JSON
    date: int
    look: Look = field(default_factory=lambda: Look(""))
    file: StoredFile | None = None
    silent: bool = False
    reply_to: Message | None = None
    quote: str = ""
    thread: int = 0
    service: JSON = field(default_factory=dict)
    history: list[Look] = field(default_factory=list)
    """Earlier looks, the first first."""
    reactions: dict[int, list[str]] = field(default_factory=dict)
    """By who gave them."""
    edited: int = 0
    pinned: bool = False
    deleted: bool = False

    @property
    def text(self) -> str:
        return self.look.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        return self.look.entities

    @property
    def buttons(self) -> Rows:
        return self.look.buttons

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]

    @property
    def by_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    def marked(self, kind: str) -> list[str]:
        """The pieces of text under entities of a type."""
        return [cut_out(self.text, one) for one in self.entities if one["type"] == kind]

    def button(self, label: str) -> Button:
        """By its label, or the only one that has these words in it."""
        every = [button for row in self.buttons for button in row]
        exact = [button for button in every if button.text == label]
        found = exact or [button for button in every if label in button.text]
        assert len(found) == 1, f"no button {label!r} under {self.text!r}: {self.labels}"
        return found[0]

    def show(self, look: Look, date: int) -> None:
        self.history.append(self.look)
        self.look = look
        self.edited = date

    def as_json(self, *, inner: bool = False) -> JSON:
        told: JSON = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.service,
        }
        if self.thread:
            told |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edited:
            told["edit_date"] = self.edited
        if not inner and (origin := self.reply_to or self._root()):
            told["reply_to_message"] = origin.as_json(inner=True)
        if self.quote:
            told["quote"] = {"text": self.quote, "position": 0, "is_manual": True}
        if self.buttons:
            told["reply_markup"] = {
                "inline_keyboard": [[one.as_json() for one in row] for row in self.buttons]
            }
        return told | self._content()

    def _root(self) -> Message | None:
        """In a forum, what answers nothing else answers the topic's first message."""
        if not (self.thread and self.chat.forum and self.chat.kind == "supergroup"):
            return None
        return self.chat.get(self.thread)

    def _content(self) -> JSON:
        named = ("text", "entities")
        told: JSON = {}
        if self.file:
            named = ("caption", "caption_entities")
            told = _file_json(self.file)
        if self.text:
            told[named[0]] = self.text
        if self.entities:
            told[named[1]] = list(self.entities)
        return told


def _file_json(file: StoredFile) -> JSON:
    common = {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": file.size}
    match file.kind:
        case "photo":
            thumb = common | {"width": 90, "height": 60, "file_id": f"{file.id}s"}
            return {"photo": [thumb, common | {"width": 1280, "height": 853}]}
        case "voice":
            return {"voice": common | {"duration": 3, "mime_type": file.upload.mime}}
        case _:
            named = {"file_name": file.upload.name, "mime_type": file.upload.mime}
            return {"document": common | named}


@dataclass(eq=False)
class Chat(Shown[Message]):
    id: int
    kind: str
    name: str
    ids: Iterator[int]
    forum: bool = False
    hears_all: bool = False
    """The bot is an administrator here, so that it sees every message of the group."""
    started: bool = True
    blocked: bool = False
    """By the person, or the bot was removed from the group."""
    moved_to: int = 0
    messages: list[Message] = field(default_factory=list)
    """As they look now; the deleted ones are in ``deleted``."""
    deleted: list[Message] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.kind == "private"

    @property
    def from_bot(self) -> list[Message]:
        return [one for one in self.messages if one.by_bot and not one.service]

    @property
    def last(self) -> Message:
        assert self.from_bot, f"the bot has sent nothing to {self.name}"
        return self.from_bot[-1]

    def get(self, number: int) -> Message | None:
        return next((one for one in self.messages if one.id == number), None)

    def remove(self, message: Message) -> None:
        self.messages.remove(message)
        self.deleted.append(message)
        message.deleted = True

    def shown(self) -> list[tuple[Message, str]]:
        return [(one, one.text) for one in self.from_bot]

    def as_json(self) -> JSON:
        told: JSON = {"id": self.id, "type": self.kind}
        told |= {"first_name": self.name} if self.private else {"title": self.name}
        return told | ({"is_forum": True} if self.forum else {})


@dataclass
class Topic:
    name: str
    closed: bool = False


def numbers(start: int) -> Iterator[int]:
    return itertools.count(start)
