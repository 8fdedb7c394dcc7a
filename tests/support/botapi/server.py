"""A strict Telegram on loopback: what the Bot API does for one bot, and what people do there.

    async with FakeBotApi().running() as api:      # the bot gets api.base_url and api.token
        ann = api.person(7001, "Ann")
        await ann.says("/start")
        card = await ann.chat.shows("Allow Bash")
        tap = await ann.taps(card, "Allow")
        assert await tap.answered() == "Allowed"

Calls that no state of the world makes right (an unknown field, a text that is too long) are
refused, and kept in ``misuse``. Not played: ``parse_mode``, media other than photos, documents
and voice, inline mode, payments, stories, channels.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.adapters.clock import SystemClock
from bot.ports.clock import Clock
from tests.support.botapi import methods, settings
from tests.support.botapi.chats import JSON, Chat
from tests.support.botapi.errors import Refusal, bad_request, unauthorized
from tests.support.botapi.faults import Faults, Odd
from tests.support.botapi.person import Person
from tests.support.botapi.schema import fields_of, parameters
from tests.support.botapi.webhook import deliver
from tests.support.botapi.world import World
from tests.support.provider.doors import Doors
from tests.support.provider.wire import Reply, Request

TOKEN = "7000000001:fake-token-of-the-bot-under-test-00"

METHODS: dict[str, Any] = {
    "getMe": settings.get_me,
    "getUpdates": settings.get_updates,
    "setWebhook": settings.set_webhook,
    "deleteWebhook": settings.delete_webhook,
    "getWebhookInfo": settings.webhook_info,
    "getFile": settings.get_file,
    "getChat": settings.get_chat,
    "getChatMember": settings.get_chat_member,
    "setMyCommands": settings.set_commands,
    "getMyCommands": settings.get_commands,
    "deleteMyCommands": settings.delete_commands,
    "createForumTopic": settings.create_topic,
    "editForumTopic": settings.edit_topic,
    "closeForumTopic": settings.close_topic,
    "reopenForumTopic": settings.reopen_topic,
    "deleteForumTopic": settings.delete_topic,
    "sendMessage": methods.send_message,
    "sendDocument": methods.send_document,
    "sendPhoto": methods.send_photo,
    "editMessageText": methods.edit_text,
    "editMessageReplyMarkup": methods.edit_markup,
    "deleteMessage": methods.delete_message,
    "pinChatMessage": methods.pin,
    "unpinChatMessage": methods.unpin,
    "setMessageReaction": methods.react,
    "sendChatAction": methods.chat_action,
    "answerCallbackQuery": methods.answer_tap,
}


@dataclass
class Call:
    method: str
    params: JSON
    at: float
    """Monotonic seconds."""
    code: int = 0
    """200, or the error's; 0 while there is no answer."""
    result: object = None


@dataclass
class FakeBotApi:
    token: str = TOKEN
    bot_username: str = "wingman_test_bot"
    clock: Clock = field(default_factory=SystemClock)
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    misuse: list[str] = field(default_factory=list)
    webhook_reachable_at: list[str] = field(default_factory=list)
    """Where a webhook is really posted to, such as ``http://127.0.0.1:8000``; the last counts."""
    port: int = 0

    def __post_init__(self) -> None:
        self.world = World(self.clock, self.token, self.bot_username)
        self.doors = Doors()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # --- people and chats

    def person(self, number: int, name: str, *, started: bool = True) -> Person:
        """``started``: has written to the bot before, so that it may write."""
        self.world.add_chat(number, "private", name).started = started
        return Person(self.world, number, name)

    def group(
        self, number: int, name: str, *, forum: bool = False, hears_all: bool = False
    ) -> Chat:
        """A number that begins with -100 is a supergroup's."""
        kind = "supergroup" if str(number).startswith("-100") else "group"
        chat = self.world.add_chat(number, kind, name)
        chat.forum, chat.hears_all = forum, hears_all or forum
        return chat

    def chat(self, number: int) -> Chat:
        return self.world.chats[number]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    # --- switches and faults; those of single calls are in ``faults``

    @property
    def enforce_rates(self) -> bool:
        return self.world.enforce_rates

    @enforce_rates.setter
    def enforce_rates(self, on: bool) -> None:
        self.world.enforce_rates = on

    @property
    def has_topics_enabled(self) -> bool:
        return self.world.topics_in_private

    @has_topics_enabled.setter
    def has_topics_enabled(self, on: bool) -> None:
        self.world.topics_in_private = on

    def fail(self, method: str, code: int, description: str = "", **more: Any) -> None:
        self.faults.fail(method, code, description, **more)

    def conflict(self, times: int = 1) -> None:
        """Another program polls with this token: it ends the poll under way, or the next."""
        self.faults.conflicts(times - self.world.updates.interrupt())

    def duplicate_updates(self, on: bool = True) -> None:
        """Each update comes again with the next batch, although it was confirmed."""
        self.world.updates.duplicating = on

    def reorder(self, on: bool = True) -> None:
        """The newest update of a batch comes first."""
        self.world.updates.reordering = on

    def restart_ids(self, lower: int) -> None:
        """After a week without updates their numbers begin anew, anywhere (Update.update_id)."""
        self.world.updates.next_id = lower

    def half_open(self) -> None:
        """Nothing passes on the connections there are; new ones work."""
        self.doors.half_open()

    def revoke_token(self) -> None:
        self.world.revoked = True
        self.world.updates.interrupt()

    def forget_topic(self, chat: Chat, thread: int) -> None:
        """Someone has deleted it."""
        settings.forget_topic(chat, thread)

    def migrate(self, chat: Chat, number: int) -> Chat:
        """The group has become a supergroup, with another id."""
        chat.moved_to = number
        return self.group(number, chat.name, hears_all=chat.hears_all)

    # --- the server

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FakeBotApi]:
        """May be entered again: the port and everything known stay."""
        async with self.doors.open((self._answer, self.port)) as (self.port,):
            self.doors.start(deliver(self.world, self.webhook_reachable_at))
            yield self

    async def _answer(self, request: Request) -> Reply:
        url = urlsplit(request.target)
        path = unquote(url.path)
        try:
            if path.startswith("/file/bot"):
                return self._download(path.removeprefix("/file/bot"))
            token, _, method = path.removeprefix("/bot").partition("/")
            self._check(token)
            raw = fields_of(request.content_type, request.body, url.query)
            return await self._call(method, parameters(method, raw))
        except Refusal as refusal:
            if refusal.misuse:
                self.misuse.append(f"{path.rpartition('/')[2]}: {refusal.description}")
            return _reply(refusal)

    async def _call(self, method: str, params: JSON) -> Reply:
        call = Call(method, params, self.clock.monotonic())
        self.calls.append(call)
        met = await self.faults.before(method, params.get("chat_id"))
        try:
            if isinstance(met, Reply):
                call.code = met.status
                return met
            if isinstance(met, Refusal):
                raise met
            done = METHODS[method](self.world, params)
            call.result = await done if isawaitable(done) else done
        except Refusal as refusal:
            call.code = refusal.code
            raise
        call.code = 200
        self.faults.after(met)
        told = met.result if isinstance(met, Odd) else call.result
        return Reply(200, json.dumps({"ok": True, "result": told}).encode())

    def _check(self, token: str) -> None:
        if self.world.revoked or token != self.token:
            raise unauthorized()

    def _download(self, rest: str) -> Reply:
        token, _, path = rest.partition("/")
        self._check(token)
        for stored in self.world.files.values():
            if stored.path == path:
                return Reply(200, stored.upload.data, "application/octet-stream")
        raise bad_request("wrong file_path")


def _reply(refusal: Refusal) -> Reply:
    wait = refusal.parameters.get("retry_after")
    headers = {} if wait is None else {"retry-after": str(wait)}
    return Reply(refusal.code, json.dumps(refusal.as_json()).encode(), headers=headers)
