"""WhatsApp, by Twilio: its library's calls, errors and signatures, and nothing else of it.

Requests go over our own HTTP client. The library's asynchronous one does not write JSON bodies,
may repeat what must not be repeated, and keeps the server's address to itself."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import structlog
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from bot.channels import ChannelContext, ChannelSpec, Contact
from bot.channels._whatsapp.api import Message
from bot.channels._whatsapp.channel import STATUS, WhatsApp, posted_to
from bot.channels._whatsapp.checking import Account, Wanted, checks, contact
from bot.channels._whatsapp.contents import LANGUAGE, Content
from bot.channels._whatsapp.faults import Doubtful, classify
from bot.channels._whatsapp.inbound import CHANNEL as ID
from bot.channels._whatsapp.inbound import Fields, Listed, Media
from bot.core.checks import Check
from bot.core.errors import WingmanError
from bot.ports.channel import Rejected, Unreachable
from bot.ports.clock import Clock
from bot.settings import Settings

log = structlog.get_logger()

PATIENCE = 15.0
PAGE = 50
DOWNLOAD_LIMIT = 16 * 1024 * 1024
"""Bytes of a file on WhatsApp (Twilio, WhatsApp, Media)."""
SAID = 300


class OwnClient(AsyncHttpClient):  # type: ignore[misc]  # the library ships no types
    """The library's requests over httpx. ``servers`` are the addresses that others take the place
    of, by host."""

    def __init__(
        self, http: httpx.AsyncClient, servers: Mapping[str, str], token: str, clock: Clock
    ) -> None:
        super().__init__(log, True)
        self.ahead = timedelta()
        """How much later it is at Twilio's than by our clock, as its last answer says."""
        self._http = http
        self._clock = clock
        self._servers = servers
        self._token = token

    async def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        kind = (headers or {}).get("Content-Type", "")
        body = {"json": data} if kind == "application/json" else {"data": data}
        try:
            answer = await self._http.request(
                method,
                self._address(uri),
                params=params or None,
                headers=headers,
                auth=auth,
                follow_redirects=allow_redirects,
                **(body if data else {}),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(f"no connection ({type(error).__name__})") from None
        except httpx.TransportError as error:
            raise Doubtful(f"no answer ({type(error).__name__})") from None
        self._compare(answer.headers.get("Date", ""))
        if answer.status_code >= 400:
            raise _refusal(answer, self._token)
        return Response(answer.status_code, answer.text, answer.headers)

    def _compare(self, date: str) -> None:
        with suppress(ValueError, TypeError):
            self.ahead = parsedate_to_datetime(date) - self._clock.now()

    def _address(self, uri: str) -> str:
        parts = urlsplit(uri)
        base = self._servers.get(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
        server = urlsplit(base)
        path = server.path.rstrip("/") + parts.path
        return urlunsplit((server.scheme, server.netloc, path, parts.query, ""))


def _refusal(answer: httpx.Response, token: str) -> WingmanError:
    """Twilio has two forms of saying no: its own, and RFC 9457."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    words = [str(said[name]) for name in ("message", "title", "detail") if said.get(name)]
    text = ": ".join(words) or f"HTTP {answer.status_code}"
    code = said.get("code")
    after = answer.headers.get("Retry-After", "")
    return classify(
        answer.status_code,
        code if isinstance(code, int) else 0,
        text.replace(token, "***")[:SAID],
        float(after) if after.isascii() and after.isdigit() else 0.0,
    )


class TwilioApi:
    """Implements Api. The token is in no error that leaves it."""

    def __init__(
        self,
        account: str,
        token: str,
        sender: str,
        base: str,
        content_base: str,
        clock: Clock,
        callback: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self._auth = (account, token)
        self._sender = sender
        self._base = base.rstrip("/")
        self._callback = callback
        self._http = httpx.AsyncClient(timeout=patience)
        servers = {"api.twilio.com": self._base, "content.twilio.com": content_base.rstrip("/")}
        if self._base != "https://api.twilio.com":
            servers["messaging.twilio.com"] = self._base
        # The region of an environment variable would change the addresses.
        self._own = OwnClient(self._http, servers, token, clock)
        env = {"TWILIO_EDGE": ""}
        self._client = Client(account, token, http_client=self._own, environment=env)

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, message: Message) -> str:
        given: dict[str, Any] = {"to": message.to, "from_": self._sender}
        if message.content:
            given["content_sid"] = message.content
            given["content_variables"] = json.dumps(message.variables or {}, ensure_ascii=False)
        else:
            given["body"] = message.body
        if self._callback:
            given["status_callback"] = self._callback
        with self._our_errors():
            sent = await self._client.messages.create_async(**given)
        return str(sent.sid)

    async def listing(
        self, *, to: str = "", sender: str = "", since: datetime
    ) -> AsyncGenerator[Listed, None]:
        given: dict[str, Any] = {
            "date_sent_after": datetime.combine(
                since.astimezone(UTC).date(), datetime.min.time(), UTC
            )
        }
        if to:
            given["to"] = to
        if sender:
            given["from_"] = sender
        with self._our_errors():
            found = await self._client.messages.stream_async(page_size=PAGE, **given)
            async with aclosing(found):
                async for message in found:
                    listed = _listed(message, self._own.ahead)
                    if listed is not None:
                        yield listed

    async def media(self, message: str) -> Sequence[Media]:
        with self._our_errors():
            found = await self._client.messages(message).media.list_async(limit=PAGE)
        return [Media(urlsplit(one.uri).path, one.content_type or "") for one in found]

    async def contents(self) -> Mapping[str, str]:
        with self._our_errors():
            found = await self._client.content.v1.contents.list_async(page_size=PAGE)
        return {str(one.friendly_name): str(one.sid) for one in found}

    async def create_content(self, content: Content) -> str:
        asked = ContentList.ContentCreateRequest(
            {
                "friendly_name": content.name,
                "language": LANGUAGE,
                "variables": dict(content.samples),
                "types": ContentList.Types(dict(content.types)),
            }
        )
        with self._our_errors():
            made = await self._client.content.v1.contents.create_async(asked)
        return str(made.sid)

    async def account(self) -> Account:
        with self._our_errors():
            found = await self._client.api.v2010.accounts(self._auth[0]).fetch_async()
        return Account(str(found.status or ""), is_trial=str(found.type or "") == "Trial")

    async def senders(self) -> dict[str, str]:
        with self._our_errors():
            found = await self._client.messaging.v2.channels_senders.list_async(
                channel="whatsapp", page_size=PAGE
            )
        return {str(one.sender_id): str(one.status or "") for one in found}

    async def approval(self, template: str) -> tuple[str, str]:
        with self._our_errors():
            content = self._client.content.v1.contents(template)
            found = await content.approval_fetch().fetch_async()
            said: Mapping[str, object] = found.whatsapp or {}
        return str(said.get("status") or ""), str(said.get("rejection_reason") or "")

    async def typing(self, message: str) -> None:
        indicator = self._client.messaging.v2.typing_indicator
        with self._our_errors():
            await indicator.create_async(channel="whatsapp", message_id=message)

    async def download(self, path: str) -> bytes:
        """Twilio sends on to another server; our name and token stay with the first."""
        request = self._http.stream(
            "GET", self._base + path, auth=self._auth, follow_redirects=True
        )
        try:
            async with request as answer:
                if not answer.is_success:
                    raise classify(answer.status_code, 0, f"HTTP {answer.status_code}")
                return await _all_of(answer)
        except httpx.TransportError as error:
            raise Unreachable(f"no answer ({type(error).__name__})") from None

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        """What Twilio refuses is raised where its answer arrives."""
        try:
            yield
        except (TwilioException, ValueError, KeyError, TypeError) as error:
            reason = f"an answer that can't be read ({type(error).__name__})"
            raise Doubtful(reason) from None


async def _all_of(answer: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.aiter_bytes():
        size += len(chunk)
        if size > DOWNLOAD_LIMIT:
            raise Rejected("files of up to 16 MB are taken from WhatsApp")
        chunks.append(chunk)
    return b"".join(chunks)


def _listed(message: Any, ahead: timedelta) -> Listed | None:
    at = message.date_sent or message.date_created
    if not isinstance(at, datetime):
        return None
    return Listed(
        sid=str(message.sid),
        sender=str(message.from_ or ""),
        to=str(message.to or ""),
        body=str(message.body or ""),
        at=at,
        status=str(message.status or ""),
        error=int(message.error_code or 0),
        media=int(message.num_media or 0),
        outbound=str(message.direction or "").startswith("outbound"),
        ahead=ahead,
    )


class Signatures:
    """Twilio signs the address that it was told; a proxy may have changed what arrives here, so
    ``public_url`` counts and nothing of the request does."""

    def __init__(self, token: str, public_url: str) -> None:
        self._validator = RequestValidator(token)
        self._public_url = public_url.rstrip("/")

    def hold(self, path: str, form: Fields, headers: Mapping[str, str]) -> bool:
        given = headers.get(SIGNATURE_HEADER.lower())
        if not given or not self._public_url or not given.isascii():
            return False
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
        url = self._public_url + path
        return bool(self._validator.validate(url, form, given, algorithm))


def _api(settings: Settings, clock: Clock, callback: str = "") -> TwilioApi:
    given = settings.whatsapp
    return TwilioApi(
        given.account_sid or "",
        given.auth_token.get_secret_value() if given.auth_token else "",
        given.sender or "",
        given.api_base,
        given.content_api_base,
        clock,
        callback,
    )


def _build(context: ChannelContext) -> WhatsApp | None:
    settings = context.settings.whatsapp
    if not settings.wanted:
        return None
    token = settings.auth_token.get_secret_value() if settings.auth_token else ""
    public = (context.settings.web.public_url or "").rstrip("/")
    callback = public + STATUS if posted_to(context) else ""
    api = _api(context.settings, context.clock, callback)
    signatures = Signatures(token, public)
    return WhatsApp(context, api, signatures.hold)


async def _checks(settings: Settings, clock: Clock) -> tuple[Check, ...]:
    given = settings.whatsapp
    api = _api(settings, clock)
    try:
        wanted = Wanted(given.sender or "", given.template_sid or "", given.allowed_numbers)
        return await checks(api, wanted, clock.now())
    finally:
        await api.close()


async def _probe(settings: Settings, clock: Clock) -> Contact:
    return contact(settings.whatsapp.sender or "", await _checks(settings, clock))


CHANNEL = ChannelSpec(
    id=ID,
    title="WhatsApp",
    summary="WhatsApp through your own Twilio account or its sandbox",
    build=_build,
    probe=_probe,
    checks=_checks,
)
