"""Telegram, by python-telegram-bot: its types, its transport, its errors, and nothing else of it.

Its Updater would hold updates in memory and stop at one that it cannot read, and its rate limiter
lets one chat hold up the others: receiving and sending in order are our own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.channels import ChannelContext, ChannelSpec, Contact
from bot.channels._telegram.api import Hook
from bot.channels._telegram.channel import DOWNLOAD_LIMIT, Telegram
from bot.channels._telegram.checking import checks
from bot.channels._telegram.entities import Entity
from bot.channels._telegram.faults import ChatMoved, Contended, TokenInvalid, bad_request
from bot.channels._telegram.keyboard import Key, Keyboard
from bot.channels._telegram.probing import contact
from bot.channels._telegram.rendering import Outgoing
from bot.channels._telegram.updates import CHANNEL as ID
from bot.channels._telegram.updates import WANTED, Me
from bot.core.checks import Check
from bot.core.errors import WingmanError
from bot.ports.channel import (
    Blocked,
    Offline,
    Rejected,
    RetryLater,
    Unreachable,
)
from bot.ports.clock import Clock
from bot.settings import Settings

NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""httpx's, for a request of which nothing has gone out (httpx, Exceptions)."""
PATIENCE = 20.0
SLACK = 10.0
"""Seconds that a long poll may take longer than it was asked to: a connection that is dead on one
side only is noticed after that."""


class _Bot(Bot):
    """Calls whose answers come back as they are: the library fails when there is anything in one
    that it cannot read, and its ``do_api_request`` warns that there are methods for them."""

    async def raw_updates(self, offset: int | None, wait: float, slack: float) -> Any:
        """One update that cannot be read would hold up all of its batch."""
        asked = {"offset": offset, "timeout": int(wait), "allowed_updates": list(WANTED)}
        given = {name: value for name, value in asked.items() if value is not None}
        return await self._post("getUpdates", given, read_timeout=wait + slack)

    async def raw(self, method: str, name: str, given: dict[str, Any]) -> int:
        """The number of that name in the answer; 0 when there is none. What was taken must not
        look as if it were not, and be sent again."""
        answer = await self._post(method, given)
        number = answer.get(name) if isinstance(answer, dict) else None
        return number if isinstance(number, int) else 0


class BotApi:
    """Implements Api and Chat. The token is in no error that leaves it."""

    def __init__(self, token: str, base: str, clock: Clock, slack: float = SLACK) -> None:
        self.ahead = timedelta()
        self._clock = clock
        self._token = token
        self._slack = slack
        self._requests = (_patient(self._compare), _patient(self._compare))
        self._bot = _Bot(
            token,
            base_url=f"{base.rstrip('/')}/bot",
            base_file_url=f"{base.rstrip('/')}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )

    async def _compare(self, answer: Any) -> None:
        """An answer's Date has whole seconds (RFC 9110, 6.6.1)."""
        with suppress(ValueError, TypeError):
            at = parsedate_to_datetime(answer.headers.get("Date", ""))
            self.ahead = at - self._clock.now()

    async def open(self) -> None:
        for request in self._requests:
            await request.initialize()

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def me(self) -> Me:
        with self._our_errors():
            user = await self._bot.get_me()
        return Me(
            user.id,
            user.username or "",
            bool(user.has_topics_enabled),
            bool(user.can_read_all_group_messages),
        )

    async def leads(self, chat: int, bot: int) -> bool:
        with self._our_errors():
            member = await self._bot.get_chat_member(chat, bot)
        return member.status in ("administrator", "creator")

    async def updates(self, offset: int | None, wait: float) -> Sequence[Any]:
        try:
            with self._our_errors():
                async with asyncio.timeout(wait + 2 * self._slack):
                    found = await self._bot.raw_updates(offset, wait, self._slack)
        except TimeoutError:
            raise Unreachable("the answer does not come to an end") from None
        return found if isinstance(found, list) else []

    async def hook(self) -> Hook:
        with self._our_errors():
            info = await self._bot.get_webhook_info()
        at = info.last_error_date.timestamp() if info.last_error_date else 0.0
        return Hook(info.url, info.last_error_message or "", at)

    async def set_hook(self, url: str, secret: str) -> None:
        with self._our_errors():
            # One connection: what a person says comes in the order in which it was said.
            await self._bot.set_webhook(
                url, allowed_updates=WANTED, secret_token=secret, max_connections=1
            )

    async def drop_hook(self) -> None:
        with self._our_errors():
            await self._bot.delete_webhook()

    async def set_commands(self, chat: int | None, commands: Sequence[tuple[str, str]]) -> None:
        scope = BotCommandScopeDefault() if chat is None else BotCommandScopeChat(chat)
        with self._our_errors():
            await self._bot.set_my_commands([BotCommand(*one) for one in commands], scope=scope)

    async def send(self, chat: int, message: Outgoing, thread: int | None) -> int:
        given: dict[str, Any] = {
            "chat_id": chat,
            "reply_markup": _markup(message.keyboard),
            "disable_notification": message.silent or None,
            "message_thread_id": thread,
        }
        if message.answers:  # which somebody may have deleted meanwhile
            to = ReplyParameters(message.answers, allow_sending_without_reply=True)
            given["reply_parameters"] = to
        with self._our_errors():
            if message.document is None:
                return await self._bot.raw("sendMessage", "message_id", given | _text(message))
            kind = "photo" if message.document.is_photo else "document"
            given |= {
                kind: InputFile(message.document.content, filename=message.document.name),
                "caption": message.text or None,
                "caption_entities": _entities(message.entities),
            }
            return await self._bot.raw(f"send{kind.capitalize()}", "message_id", given)

    async def edit(self, chat: int, message: int, content: Outgoing) -> None:
        markup = _markup(content.keyboard)
        given = {"chat_id": chat, "message_id": message, "reply_markup": markup}
        with self._our_errors():
            await self._bot.raw("editMessageText", "message_id", given | _text(content))

    async def toast(self, tap: str, text: str, *, alert: bool) -> None:
        with self._our_errors():
            await self._bot.answer_callback_query(tap, text or None, show_alert=alert or None)

    async def react(self, chat: int, message: int, emoji: str) -> None:
        with self._our_errors():
            await self._bot.set_message_reaction(chat, message, emoji)

    async def open_topic(self, chat: int, name: str) -> int:
        with self._our_errors():
            given = {"chat_id": chat, "name": name}
            thread = await self._bot.raw("createForumTopic", "message_thread_id", given)
        if not thread:
            raise Rejected("Telegram does not say which topic it has opened")
        return thread

    async def download(self, ref: str) -> bytes:
        with self._our_errors():
            file = await self._bot.get_file(ref)
            if (file.file_size or 0) > DOWNLOAD_LIMIT:
                raise Rejected("Telegram gives files of up to 20 MB to bots")
            return bytes(await file.download_as_bytearray(read_timeout=3 * PATIENCE))

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except TelegramError as error:
            # Without its cause, which may hold the address with the token in it.
            text = str(error).replace(self._token, "***")
            if type(error.__cause__).__name__ in NOT_SENT:
                raise Offline(text) from None
            raise classify(error, text) from None


def _patient(heard: Callable[[Any], Awaitable[None]]) -> HTTPXRequest:
    return HTTPXRequest(
        read_timeout=PATIENCE,
        write_timeout=PATIENCE,
        connect_timeout=PATIENCE / 2,
        pool_timeout=PATIENCE,
        media_write_timeout=3 * PATIENCE,
        httpx_kwargs={"event_hooks": {"response": [heard]}},
    )


def classify(error: TelegramError, text: str) -> WingmanError:
    """BadRequest and TimedOut are kinds of NetworkError, whose other kinds may be tried again."""
    match error:
        case RetryAfter():
            after = error.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else after
            return RetryLater(seconds + 0.5, text)
        case TimedOut():
            return Unreachable(f"no answer in time ({text})")
        case BadRequest():
            return bad_request(text)
        case Forbidden():
            return Blocked(text)
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case Conflict():
            return Contended(text)
        case InvalidToken() | EndPointNotFound():
            return TokenInvalid(text)
        case _:
            return Rejected(text) if "too large" in text.lower() else Unreachable(text)


def _text(message: Outgoing) -> dict[str, Any]:
    return {
        "text": message.text,
        "entities": _entities(message.entities),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def _entities(found: Sequence[Entity]) -> list[MessageEntity] | None:
    return [
        MessageEntity(e.type, e.offset, e.length, language=e.language or None) for e in found
    ] or None


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard.rows:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in keyboard.rows])


def _button(key: Key) -> InlineKeyboardButton:
    if key.copy:
        return InlineKeyboardButton(key.label, copy_text=CopyTextButton(key.copy))
    return InlineKeyboardButton(key.label, callback_data=key.command, style=key.style or None)


def _build(context: ChannelContext) -> Telegram | None:
    settings = context.settings.telegram
    if settings.token is None:
        return None
    api = BotApi(settings.token.get_secret_value(), settings.api_base, context.clock)
    return Telegram(context, api)


@asynccontextmanager
async def _asked(settings: Settings, clock: Clock) -> AsyncIterator[BotApi]:
    telegram = settings.telegram
    token = telegram.token.get_secret_value() if telegram.token else ""
    api = BotApi(token, telegram.api_base, clock)
    await api.open()
    try:
        yield api
    finally:
        await api.close()


async def _probe(settings: Settings, clock: Clock) -> Contact:
    async with _asked(settings, clock) as api:
        return await contact(api, settings.telegram.layout)


async def _checks(settings: Settings, clock: Clock) -> tuple[Check, ...]:
    async with _asked(settings, clock) as api:
        return await checks(api, settings, clock.now())


CHANNEL = ChannelSpec(
    id=ID,
    title="Telegram",
    summary="a Telegram bot of your own, in a private chat or a group",
    build=_build,
    probe=_probe,
    checks=_checks,
)
