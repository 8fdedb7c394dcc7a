"""Getting updates, for as long as the gateway runs, whatever happens to the line."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.channels._telegram.api import Api, Hook
from bot.channels._telegram.faults import Contended, TokenInvalid
from bot.channels._telegram.intake import Intake, update_id
from bot.channels._telegram.updates import Me
from bot.core.errors import WingmanError
from bot.ports.channel import Alarm, Rejected, RetryLater, Unreachable
from bot.ports.clock import Clock
from bot.ports.memory import Memory

log = structlog.get_logger()

WAIT = 50.0
"""Seconds of one long poll; Telegram takes up to 50."""
CONTENDED = (5.0, 60.0)
CALM = 120.0
"""Seconds without a conflict after which it counts as over."""
OFFLINE = (1.0, 30.0)
TOKEN_AGAIN = 900.0
UNREACHABLE_AFTER = 120.0
HOOK_AGAIN = 300.0
HOOK_ERROR_COUNTS = 600.0
"""A failed delivery is news for so many seconds."""
OUR_HOOK = "hook"
"""Under this key: the url of the webhook that this program has set."""
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header

Ready = Callable[[Me], Awaitable[None]]
"""Called once the token is proved."""


@dataclass(frozen=True, slots=True)
class Line:
    """What both ways of receiving work with."""

    api: Api
    clock: Clock
    intake: Intake
    memory: Memory
    ready: Ready
    alarm: Alarm

    async def begin(self) -> Me:
        me = await self.api.me()
        await self.ready(me)
        return me


class Source(Protocol):
    async def round(self) -> float:
        """Seconds to wait before the next one."""
        ...


class Backoff:
    def __init__(self, first: float, most: float) -> None:
        self._first = self._next = first
        self._most = most

    def longer(self) -> float:
        now, self._next = self._next, min(self._next * 2, self._most)
        return now

    def reset(self) -> None:
        self._next = self._first


class Receiver:
    """Rounds without end. Each kind of failure has its own patience, and none ends the loop."""

    def __init__(self, source: Source, alarm: Alarm, clock: Clock) -> None:
        self._source = source
        self._alarm = alarm
        self._clock = clock
        self._contended = Backoff(*CONTENDED)
        self._offline = Backoff(*OFFLINE)
        self._well_at = clock.monotonic()
        self._contended_at = -CALM

    async def run(self) -> None:
        while True:
            pause = await self._attempt()
            if pause > 0:
                await self._clock.sleep(pause)

    async def _attempt(self) -> float:
        try:
            pause = await self._source.round()
        except TokenInvalid as error:
            text = (
                f"✗ Telegram does not take the bot's token ({error}): nothing goes in or out "
                "there. Set WINGMAN_TELEGRAM__TOKEN to the one @BotFather shows, and restart"
            )
            await self._tell("token", text)
            return TOKEN_AGAIN
        except Contended as error:
            await self._tell("contended", str(error))
            self._contended_at = self._clock.monotonic()
            return self._contended.longer()
        except RetryLater as error:
            return error.after
        except (Unreachable, Rejected) as error:
            return await self._no_line(error)
        except WingmanError as error:
            # The update was not stored: it comes again.
            log.warning("telegram.not_stored", reason=str(error))
            return self._offline.longer()
        except Exception:
            # An update that breaks us must not end the channel.
            log.exception("telegram.failed")
            return self._offline.longer()
        await self._well()
        return pause

    async def _no_line(self, error: WingmanError) -> float:
        log.warning("telegram.unreachable", reason=str(error))
        gone = self._clock.monotonic() - self._well_at
        if gone >= UNREACHABLE_AFTER:
            text = f"✗ Telegram can't be reached for {gone / 60:.0f} minutes: {error}"
            await self._tell("unreachable", text)
        return self._offline.longer()

    async def _well(self) -> None:
        self._well_at = self._clock.monotonic()
        self._offline.reset()
        for key in ("token", "unreachable"):
            await self._tell(key, "")
        # Two pollers take turns: that one round went well does not mean that the other is gone.
        if self._well_at - self._contended_at >= CALM:
            self._contended.reset()
            await self._tell("contended", "")

    async def _tell(self, key: str, text: str) -> None:
        """The others may not be reachable either, which is no reason to stop trying here."""
        try:
            await self._alarm(key, text)
        except WingmanError as error:
            log.warning("telegram.alarm_failed", key=key, reason=str(error))


class Polling:
    """``getUpdates``. An update is confirmed by the call after the one that brought it, and so
    only when it is stored.

    What to confirm is read from the list that came, never from what came earlier: after a week
    without updates the ids begin anew anywhere (Bot API, Update)."""

    def __init__(self, line: Line, wait: float = WAIT) -> None:
        self._line = line
        self._wait = wait
        self._me: Me | None = None
        self._free = False
        self._offset: int | None = None

    async def round(self) -> float:
        if self._me is None:
            self._me = await self._line.begin()
        if not self._free:
            await self._check()
            self._free = True
        began = self._line.clock.monotonic()
        try:
            updates = await self._line.api.updates(self._offset, self._wait)
        except Contended as error:
            self._free = False
            raise Contended(
                "✗ Another program receives this Telegram bot's messages, and nothing comes in "
                f"here: stop the other one, or give each a bot of its own ({error})"
            ) from None
        news = [await self._line.intake.take(raw, self._me) for raw in updates]
        numbers = [number for number in map(update_id, updates) if number is not None]
        self._offset = max(numbers) + 1 if numbers else None
        # A server that answers at once and has nothing new is not asked a thousand times.
        return 1.0 if not any(news) and self._line.clock.monotonic() - began < 1 else 0.0

    async def _check(self) -> None:
        """A webhook keeps ``getUpdates`` from working. One that we have set is taken away."""
        hook = await self._line.api.hook()
        if not hook.url:
            return
        if hook.url != await self._line.memory.get(OUR_HOOK):
            raise Contended(_foreign(hook))
        await self._line.api.drop_hook()


class Hooking:
    """``setWebhook``, and now and then a look at whether it still works."""

    def __init__(self, line: Line, url: str, secret: str) -> None:
        self._line = line
        self._url = url
        self._secret = secret
        self._me: Me | None = None
        self._is_set = False

    async def round(self) -> float:
        if self._me is None:
            self._me = await self._line.begin()
        hook = await self._line.api.hook()
        ours = {"", self._url, await self._line.memory.get(OUR_HOOK)}
        if hook.url not in ours:
            raise Contended(_foreign(hook))
        if hook.url != self._url or not self._is_set:
            await self._line.memory.put(OUR_HOOK, self._url)
            await self._line.api.set_hook(self._url, self._secret)
            self._is_set = True
            return HOOK_AGAIN
        age = self._line.clock.now().timestamp() - hook.error_at
        failing = hook.error and age < HOOK_ERROR_COUNTS
        text = f"✗ Telegram can't deliver to {self._url}: {hook.error}" if failing else ""
        await self._line.alarm("webhook", text)
        return HOOK_AGAIN

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer with; anything but 200 makes Telegram send the update again."""
        given = headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            log.warning("telegram.webhook_refused")
            return HTTPStatus.FORBIDDEN
        if self._me is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return HTTPStatus.BAD_REQUEST
        try:
            await self._line.intake.take(raw, self._me)
        except WingmanError as error:
            log.warning("telegram.not_stored", reason=str(error))
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK


def _foreign(hook: Hook) -> str:
    """Its path may hold a secret."""
    host = urlsplit(hook.url).hostname or "an unknown host"
    return (
        f"✗ Somebody has set a webhook for this Telegram bot (to {host}), and nothing comes in "
        "here. It is left alone: remove it with the Bot API's deleteWebhook if it is not needed"
    )
