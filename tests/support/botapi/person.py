"""Someone with the app in hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from tests.support.botapi import texts
from tests.support.botapi.chats import JSON, Chat, Look, Message
from tests.support.botapi.schema import Upload
from tests.support.botapi.world import Query, World
from tests.support.waiting import until

OLD_DAYS = 2
"""Of an older message the bot gets no more than its number (InaccessibleMessage)."""


@dataclass
class Tap:
    query: Query

    @property
    def toast(self) -> str:
        return self.query.toast

    async def answered(self, within: float = 10.0) -> str:
        """Waits until the button stops turning, and returns what was shown."""
        await until(lambda: self.query.answered, within)
        return self.query.toast


@dataclass
class Person:
    world: World
    id: int
    name: str

    @property
    def chat(self) -> Chat:
        return self.world.chats[self.id]

    @property
    def user(self) -> JSON:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "en"}

    async def says(
        self,
        text: str,
        *,
        to: Chat | None = None,
        reply_to: Message | None = None,
        quote: str = "",
        thread: int = 0,
    ) -> Message:
        """In the private chat unless ``to`` says another. An app splits what is longer."""
        assert 0 < texts.units(text) <= texts.TEXT_LIMIT
        look = Look(text, tuple(texts.found_in(text)))
        message = self._write(to, look, reply_to, quote, thread)
        self._tell(message)
        return message

    async def sends_photo(
        self, data: bytes, caption: str = "", *, to: Chat | None = None, thread: int = 0
    ) -> Message:
        return self._send(Upload("photo.jpg", data, "image/jpeg"), "photo", caption, to, thread)

    async def sends_album(self, caption: str, *photos: bytes) -> list[Message]:
        """Each is a message of its own; the first has the caption."""
        album, sent = f"1{next(_QUERIES):016}", []
        for photo, words in zip(photos, (caption, *[""] * len(photos)), strict=False):
            message = self._write(None, Look(words), None, "", 0)
            message.file = self.world.store(Upload("photo.jpg", photo, "image/jpeg"), "photo")
            message.service = {"media_group_id": album}
            self._tell(message)
            sent.append(message)
        return sent

    async def sends_document(
        self,
        name: str,
        data: bytes,
        mime: str = "application/octet-stream",
        caption: str = "",
        *,
        to: Chat | None = None,
        thread: int = 0,
    ) -> Message:
        return self._send(Upload(name, data, mime), "document", caption, to, thread)

    async def sends_voice(
        self, data: bytes, *, to: Chat | None = None, thread: int = 0
    ) -> Message:
        return self._send(Upload("voice.ogg", data, "audio/ogg"), "voice", "", to, thread)

    async def taps(self, message: Message, label: str, *, earlier: bool = False) -> Tap:
        """``earlier``: the button was there once, and this phone has not seen the change yet."""
        if not earlier:
            return await self.presses(message, message.button(label).data)
        looks = [*message.history, message.look]
        found = [
            one
            for look in reversed(looks)
            for row in look.buttons
            for one in row
            if label in one.text
        ]
        assert found, f"there never was a button {label!r} under {message.text!r}"
        return await self.presses(message, found[0].data)

    async def presses(self, message: Message, data: str) -> Tap:
        """Whatever the data: an app that was tampered with can send any."""
        query = Query(f"{self.id}{next(_QUERIES):08}", message.chat, self.world.clock.monotonic())
        self.world.queries[query.id] = query
        chat = message.chat.as_json()
        old = self.world.date - message.date > OLD_DAYS * 86_400
        gone = {"chat": chat, "message_id": message.id, "date": 0}
        self.world.updates.put(
            "callback_query",
            {
                "id": query.id,
                "from": self.user,
                "message": gone if old or message.deleted else message.as_json(),
                "chat_instance": str(message.chat.id * 7919),
                "data": data,
            },
        )
        return Tap(query)

    async def edits(self, message: Message, text: str) -> None:
        assert message.sender["id"] == self.id, "only one's own"
        message.show(Look(text, tuple(texts.found_in(text))), self.world.date)
        if self._is_heard(message):
            self.world.updates.put("edited_message", message.as_json())

    async def reacts(self, message: Message, *emoji: str) -> None:
        """None takes it back."""
        old, message.reactions[self.id] = message.reactions.get(self.id, []), list(emoji)
        self.world.updates.put(
            "message_reaction",
            {
                "chat": message.chat.as_json(),
                "message_id": message.id,
                "user": self.user,
                "date": self.world.date,
                "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
            },
        )

    async def deletes(self, message: Message) -> None:
        """The bot is not told."""
        message.chat.remove(message)

    async def blocks(self) -> None:
        self.chat.blocked = True
        self._tell_member("member", "kicked")

    async def unblocks(self) -> None:
        self.chat.blocked = False
        self._tell_member("kicked", "member")

    def _tell_member(self, old: str, new: str) -> None:
        until_date = {"until_date": 0}
        self.world.updates.put(
            "my_chat_member",
            {
                "chat": self.chat.as_json(),
                "from": self.user,
                "date": self.world.date,
                **{
                    f"{when}_chat_member": {"status": status, "user": self.world.bot}
                    | (until_date if status == "kicked" else {})
                    for when, status in (("old", old), ("new", new))
                },
            },
        )

    def _send(
        self, upload: Upload, kind: str, caption: str, to: Chat | None, thread: int
    ) -> Message:
        message = self._write(to, Look(caption), None, "", thread)
        message.file = self.world.store(upload, kind)
        self._tell(message)
        return message

    def _write(
        self, to: Chat | None, look: Look, reply_to: Message | None, quote: str, thread: int
    ) -> Message:
        chat = to or self.chat
        chat.started = True
        assert not thread or thread in chat.topics, f"no topic {thread} in {chat.name}"
        message = self.world.add_message(chat, self.user, look, thread)
        message.reply_to, message.quote = reply_to, quote
        return message

    def _tell(self, message: Message) -> None:
        if self._is_heard(message):
            self.world.updates.put("message", message.as_json())

    def _is_heard(self, message: Message) -> bool:
        """A bot that is no administrator of a group hears what is meant for bots there."""
        chat = message.chat
        if chat.blocked:
            return False
        answered = message.reply_to is not None and message.reply_to.by_bot
        mentioned = f"@{self.world.username}" in message.text
        command = message.text.startswith("/")
        return chat.private or chat.hears_all or answered or mentioned or command


_QUERIES = count(1)
