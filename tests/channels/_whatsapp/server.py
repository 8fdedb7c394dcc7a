"""As much of Twilio, on loopback, as the channel asks of it, and a person at the other end."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, TOKEN, sid
from tests.support.botapi.wire import Answer, Connection, Reply, Request, Silence
from tests.support.gateway import LoopClock

ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
PAGE = 50
MINUTE = timedelta(minutes=1)


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Sms:
    """One message, in either direction; ``buttons`` are title → payload."""

    sid: str
    sender: str
    to: str
    body: str
    at: datetime
    direction: str
    status: str
    error: int | None = None
    buttons: dict[str, str] = field(default_factory=dict)
    content: str = ""
    callback: str = ""
    media: list[tuple[str, str, bytes]] = field(default_factory=list)

    def resource(self) -> dict[str, Any]:
        at = format_datetime(self.at.replace(microsecond=0))
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "from": self.sender,
            "to": self.to,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error,
            "error_message": None,
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "date_created": at,
            "date_sent": at,
            "date_updated": at,
            "messaging_service_sid": None,
            "price": None,
            "price_unit": None,
            "api_version": "2010-04-01",
            "uri": f"{ROOT}/Messages/{self.sid}.json",
            "subresource_uris": {"media": f"{ROOT}/Messages/{self.sid}/Media.json"},
        }


@asynccontextmanager
async def serving(answer: Answer, port: int = 0) -> AsyncIterator[int]:
    """The port that it listens on."""
    async with asyncio.TaskGroup() as group:
        jobs: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            job = group.create_task(Connection(reader, writer, answer).serve())
            jobs.add(job)
            job.add_done_callback(jobs.discard)

        server = await asyncio.start_server(connected, "127.0.0.1", port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for job in jobs:
                job.cancel()


@dataclass
class SmallTwilio:
    public_url: str = "https://wingman.example.org"
    hook_at: str = ""
    """Where the webhook's path is really posted to; nowhere: messages are in the list only."""
    port: int = 0
    messages: list[Sms] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    faults: dict[str, list[str | Refusal]] = field(default_factory=dict)
    """By ``METHOD last-part-of-path``; ``stall`` takes the request and says nothing."""
    answers: list[int] = field(default_factory=list)
    """What the webhook answered."""
    media_moved_to: str = ""
    clock: LoopClock = field(default_factory=LoopClock)
    _ids: count[int] = field(default_factory=lambda: count(1))

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> list[Sms]:
        return [m for m in self.messages if m.direction == "outbound-api" and m.error is None]

    @property
    def texts(self) -> list[str]:
        return [message.body for message in self.sent]

    # --- the person

    async def says(self, text: str, **more: str) -> Sms:
        return await self._comes(
            Sms(self._sid(), *self._ends(), text, self.clock.now(), "inbound", "received"), **more
        )

    async def taps(self, message: Sms, title: str) -> Sms:
        return await self.says(
            title,
            ButtonText=title,
            ButtonPayload=message.buttons[title],
            OriginalRepliedMessageSid=message.sid,
        )

    async def sends_photo(self, data: bytes, caption: str = "") -> Sms:
        photo = ("ME" + f"{next(self._ids):032x}", "image/jpeg", data)
        new = Sms(
            self._sid(),
            *self._ends(),
            caption,
            self.clock.now(),
            "inbound",
            "received",
            media=[photo],
        )
        return await self._comes(new)

    def _ends(self) -> tuple[str, str]:
        return f"whatsapp:{ANN}", SENDER

    def _sid(self) -> str:
        return sid(next(self._ids))

    async def _comes(self, new: Sms, **more: str) -> Sms:
        self.messages.append(new)
        if self.hook_at:
            await self.posts("/twilio/webhook", self.form(new, **more))
        return new

    def form(self, message: Sms, **more: str) -> dict[str, str]:
        fields = {
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": ACCOUNT,
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
            "ProfileName": "Ann",
            "WaId": ANN[1:],
            "NumMedia": str(len(message.media)),
            "Label": "",
        }
        for n, (media, mime, _) in enumerate(message.media):
            fields[f"MediaUrl{n}"] = f"{self.base_url}{ROOT}/Messages/{message.sid}/Media/{media}"
            fields[f"MediaContentType{n}"] = mime
        return {**fields, **more}

    async def posts(self, path: str, form: dict[str, str], signature: str | None = None) -> int:
        """Signed for the public address, and posted behind the proxy."""
        right = RequestValidator(TOKEN).compute_signature(self.public_url + path, form)
        headers = {"X-Twilio-Signature": right if signature is None else signature}
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.post(self.hook_at + path, data=form, headers=headers)
        self.answers.append(answer.status_code)
        return answer.status_code

    # --- the server

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SmallTwilio]:
        async with serving(self._answer, self.port) as self.port:
            yield self

    async def _answer(self, request: Request) -> Reply:
        url = urlsplit(request.target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        given = request.headers.get("authorization", "")
        right = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        try:
            if given != f"Basic {right}":
                raise Refusal(401, 20003, "Authenticate")
            waiting = self.faults.get(f"{request.method} {url.path.rpartition('/')[2]}")
            fault = waiting.pop(0) if waiting else None
            if isinstance(fault, Refusal):
                raise fault
            reply = await self._route(request, url.path, query)
            if fault == "stall":
                raise Silence
        except Refusal as refusal:
            said = {"code": refusal.code, "message": refusal.message, "status": refusal.status}
            return Reply(refusal.status, json.dumps(said).encode())
        return reply

    async def _route(self, request: Request, path: str, query: dict[str, str]) -> Reply:
        match request.method, path:
            case "POST", _ if path == f"{ROOT}/Messages.json":
                return _json(201, (await self._create(request)).resource())
            case "GET", _ if path == f"{ROOT}/Messages.json":
                return _json(200, self._list(query))
            case "POST", "/v1/Content":
                return _json(201, self._define(json.loads(request.body)))
            case "GET", "/v1/Content":
                meta = {"key": "contents", "next_page_url": None}
                return _json(200, {"contents": self.contents, "meta": meta})
            case "POST", "/v2/Indicators/Typing.json":
                self.typed.append(_form(request)["messageId"])
                return _json(200, {"success": True})
            case _:
                pass
        found = re.fullmatch(rf"{ROOT}/Messages/(\w+)/Media(?:/(\w+))?(?:\.json)?", path)
        if found is None:
            raise Refusal(404, 20404, "The requested resource was not found")
        return self._media(*found.groups())

    def _media(self, message: str, wanted: str | None) -> Reply:
        media = next(m.media for m in self.messages if m.sid == message)
        if wanted is None:
            listed = [
                {"sid": s, "content_type": t, "uri": f"{ROOT}/Messages/{message}/Media/{s}.json"}
                for s, t, _ in media
            ]
            return _json(200, {"media_list": listed, "next_page_uri": None, "page": 0})
        if self.media_moved_to:
            return Reply(307, b"", headers={"location": self.media_moved_to})
        return Reply(200, next(data for s, _, data in media if s == wanted), "image/jpeg")

    async def _create(self, request: Request) -> Sms:
        form = _form(request)
        content, body = form.get("ContentSid", ""), form.get("Body", "")
        if form.get("From") != SENDER:
            raise Refusal(400, 63007, "no such sender")
        if len(body) > 1600:
            raise Refusal(400, 21617, "the body is too long")
        new = Sms(
            self._sid(), SENDER, form["To"], body, self.clock.now(), "outbound-api", "queued"
        )
        new.callback = form.get("StatusCallback", "")
        if content:
            new.content = content
            self._fill(new, json.loads(form["ContentVariables"]))
        self.messages.append(new)
        await self._deliver(new)
        return new

    def _fill(self, new: Sms, variables: dict[str, str]) -> None:
        if any(not value or len(value) > 255 for value in variables.values()):
            raise Refusal(400, 21656, "the variables are invalid")
        made = next((c for c in self.contents if c["sid"] == new.content), None)
        if made is None:
            raise Refusal(400, 21655, "the content does not exist")
        text = json.dumps(made["types"])
        for name, value in variables.items():
            text = text.replace(f"{{{{{name}}}}}", json.dumps(value)[1:-1])
        (kind,) = json.loads(text).values()
        new.body = kind["body"]
        rows = kind.get("actions") or kind.get("items") or []
        new.buttons = {row.get("title") or row["item"]: row["id"] for row in rows}

    async def _deliver(self, new: Sms) -> None:
        last = max((m.at for m in self.messages if m.direction == "inbound"), default=None)
        is_open = last is not None and self.clock.now() - last < timedelta(hours=24)
        new.status = "delivered"
        if not is_open and not new.content.endswith("7777"):
            new.status, new.error = "failed", 63016
        if new.callback and self.hook_at:
            form = {"MessageSid": new.sid, "MessageStatus": new.status, "AccountSid": ACCOUNT}
            code = {"ErrorCode": str(new.error)} if new.error else {}
            await self.posts("/twilio/status", {**form, **code})

    def _list(self, query: dict[str, str]) -> dict[str, Any]:
        day = query.get("DateSent>", "1970-01-01")[:10]
        fitting = [
            m
            for m in reversed(self.messages)
            if query.get("To", m.to) == m.to
            and query.get("From", m.sender) == m.sender
            and m.at.astimezone(UTC).date().isoformat() >= day
        ]
        page = int(query.get("Page", "0"))
        more = fitting[(page + 1) * PAGE :]
        following = urlencode({**query, "Page": str(page + 1)})
        return {
            "messages": [m.resource() for m in fitting[page * PAGE : (page + 1) * PAGE]],
            "next_page_uri": f"{ROOT}/Messages.json?{following}" if more else None,
            "page": page,
            "page_size": PAGE,
        }

    def _define(self, asked: dict[str, Any]) -> dict[str, Any]:
        made = {"sid": f"HX{next(self._ids):032x}", **asked}
        self.contents.append(made)
        return made


def _json(status: int, value: object) -> Reply:
    return Reply(status, json.dumps(value).encode())


def _form(request: Request) -> dict[str, str]:
    assert request.content_type == "application/x-www-form-urlencoded"
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
