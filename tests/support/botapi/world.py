"""Everything Telegram knows about one bot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.ports.clock import Clock
from tests.support.botapi.chats import JSON, Chat, Look, Message, StoredFile, numbers
from tests.support.botapi.errors import bad_request, forbidden
from tests.support.botapi.rates import Rates
from tests.support.botapi.schema import Upload
from tests.support.botapi.updates import Updates


@dataclass
class Query:
    """A tap, and how the bot answered it."""

    id: str
    chat: Chat
    made: float
    answered: bool = False
    toast: str = ""
    alert: bool = False


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    error: str = ""
    error_at: int = 0


@dataclass
class World:
    clock: Clock
    token: str
    username: str
    topics_in_private: bool = False
    enforce_rates: bool = False
    revoked: bool = False
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[str, list[JSON]] = field(default_factory=dict)
    """By scope and language: ``chat:7001``, ``default``, ``default/de``."""
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook = field(default_factory=Webhook)
    rates: Rates = field(default_factory=Rates)
    _account_ids: Iterator[int] = field(default_factory=lambda: numbers(101))
    """Private chats and basic groups share the numbers of their messages; a supergroup has its
    own, so one number is a message in several chats."""

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])

    @property
    def bot(self) -> JSON:
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Wingman",
            "username": self.username,
        }

    @property
    def date(self) -> int:
        return int(self.clock.now().timestamp())

    def add_chat(self, number: int, kind: str, name: str) -> Chat:
        ids = numbers(101) if kind == "supergroup" else self._account_ids
        self.chats[number] = Chat(number, kind, name, ids)
        return self.chats[number]

    def chat(self, number: object) -> Chat:
        """Where the bot may write; it cannot be the first to do so."""
        chat = self.chats.get(number) if isinstance(number, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to:
            told = bad_request("group chat was upgraded to a supergroup chat")
            told.parameters["migrate_to_chat_id"] = chat.moved_to
            raise told
        if chat.blocked and chat.private:
            raise forbidden("bot was blocked by the user")
        if chat.blocked:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def thread(self, chat: Chat, number: int) -> int:
        if number and number not in chat.topics:
            raise bad_request("message thread not found")
        return number

    def is_forum(self, chat: Chat) -> bool:
        return self.topics_in_private if chat.private else chat.forum

    def add_message(self, chat: Chat, sender: JSON, look: Look, thread: int = 0) -> Message:
        message = Message(next(chat.ids), chat, sender, self.date, look, thread=thread)
        chat.messages.append(message)
        return message

    def store(self, upload: Upload, kind: str) -> StoredFile:
        number = len(self.files) + 1
        key = hashlib.sha256(f"{number} {upload.name}".encode()).hexdigest()[:24]
        stored = StoredFile(key, upload, kind, f"{kind}s/file_{number}{_ending(upload.name)}")
        self.files[stored.id] = stored
        return stored

    def file(self, key: str) -> StoredFile:
        """The small sizes of a photo have keys of their own."""
        found = self.files.get(key) or self.files.get(key.removesuffix("s"))
        if found is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return found


def _ending(name: str) -> str:
    _, dot, ending = name.rpartition(".")
    return f".{ending}" if dot else ""
