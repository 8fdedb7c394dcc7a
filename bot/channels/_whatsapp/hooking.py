"""Messages and reports that Twilio posts to us."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog

from bot.channels._whatsapp.api import Tell
from bot.channels._whatsapp.inbound import Fields, Ignored, Line, People, posted
from bot.channels._whatsapp.intake import Intake
from bot.channels._whatsapp.outcomes import Outcomes
from bot.core.errors import WingmanError
from bot.ports.clock import Clock

log = structlog.get_logger()

RETRIES = 120.0
"""Seconds in which a second copy is Twilio trying again: it does so within 15 (Twilio, Connection
overrides). One that comes later was recorded and is played back."""
REMEMBERED = 1000

UNFIT = (
    "✗ Something was posted for your Twilio account, and its signature does not fit: set "
    "WINGMAN_WEB__PUBLIC_URL to exactly the address that stands in Twilio's console (https, no "
    "slash at the end), and WINGMAN_WHATSAPP__AUTH_TOKEN to that account's token"
)

Verify = Callable[[str, Fields, Mapping[str, str]], bool]
"""Whether a form for that path of ours carries Twilio's signature."""


class Hooking:
    def __init__(
        self,
        line: Line,
        verify: Verify,
        people: People,
        intake: Intake,
        outcomes: Outcomes,
        alarm: Tell,
        clock: Clock,
    ) -> None:
        self._line = line
        self._verify = verify
        self._people = people
        self._intake = intake
        self._outcomes = outcomes
        self._alarm = alarm
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    async def message(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer with, once the message is stored."""
        form = await self._genuine(path, headers, body)
        if form is None:
            return HTTPStatus.FORBIDDEN
        try:
            found = await posted(form, self._line, self._people)
            if isinstance(found, Ignored):
                log.info("whatsapp.ignored", reason=found.reason)
                return HTTPStatus.OK
            if self._is_replay(found.event):
                log.warning("whatsapp.replayed", message=found.event)
                return HTTPStatus.FORBIDDEN
            new = await self._intake.take(found, self._clock.now())
        except WingmanError as error:
            log.warning("whatsapp.not_stored", reason=str(error))
            return HTTPStatus.SERVICE_UNAVAILABLE
        if not new and found.event not in self._seen:
            # Known from an earlier life, or from the list of messages.
            log.info("whatsapp.known", message=found.event)
        self._remember(found.event)
        return HTTPStatus.OK

    async def status(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Playing one back changes nothing: what became of a message never goes back."""
        form = await self._genuine(path, headers, body)
        if form is None:
            return HTTPStatus.FORBIDDEN
        code = form.first("ErrorCode")
        try:
            await self._outcomes.status(
                form.first("MessageSid") or form.first("SmsSid"),
                form.first("MessageStatus") or form.first("SmsStatus"),
                int(code) if code.isascii() and code.isdigit() else 0,
            )
        except WingmanError as error:
            log.warning("whatsapp.not_stored", reason=str(error))
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK

    async def _genuine(self, path: str, headers: Mapping[str, str], body: bytes) -> Fields | None:
        try:
            form = Fields.of(body)
        except ValueError:
            log.warning("whatsapp.no_form", path=path)
            return None
        if self._verify(path, form, headers):
            await self._alarm("signature", "")
            return form
        log.warning("whatsapp.webhook_refused", path=path)
        if form.first("AccountSid") == self._line.account:
            await self._alarm("signature", UNFIT)
        return None

    def _is_replay(self, sid: str) -> bool:
        at = self._seen.get(sid)
        return at is not None and self._clock.monotonic() - at > RETRIES

    def _remember(self, sid: str) -> None:
        self._seen.setdefault(sid, self._clock.monotonic())
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
