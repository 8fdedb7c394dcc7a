"""A gateway of a few lines, so that the fake is tried over HTTP alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.support.provider.wire import Connection, Reply, Request
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until

PUBLIC = "https://wingman.example.org"
WEBHOOK, STATUS = f"{PUBLIC}/twilio/webhook", f"{PUBLIC}/twilio/status"
ANN = "whatsapp:+491701234567"
JSON = dict[str, Any]


class Refused(Exception):
    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Gateway:
    def __init__(self, twilio: FakeTwilio, http: httpx.AsyncClient) -> None:
        self.twilio = twilio
        self.http = http
        self.auth = (twilio.account, twilio.token)
        self.requests: list[Request] = []
        self.answer: Callable[[Request], Reply] = lambda request: Reply(200, b"<Response/>")

    @classmethod
    @asynccontextmanager
    async def of(cls, twilio: FakeTwilio) -> AsyncIterator[Gateway]:
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as http:
            yield cls(twilio, http)

    def url(self, path: str) -> str:
        return f"{self.twilio.base_url}/2010-04-01/Accounts/{self.twilio.account}{path}"

    async def get(self, url: str, **params: str) -> JSON:
        return self._read(await self.http.get(url, params=params or None, auth=self.auth))

    async def form(self, url: str, **fields: str) -> JSON:
        return self._read(await self.http.post(url, data=fields, auth=self.auth))

    async def sends(self, body: str, **more: str) -> str:
        """Its SID."""
        fields = {"To": ANN, "From": self.twilio.sender, "Body": body} | more
        made = await self.form(
            self.url("/Messages.json"), **{n: v for n, v in fields.items() if v}
        )
        return str(made["sid"])

    async def fills(self, content: str, **more: str) -> str:
        """``more``: by number, with a ``v`` before it."""
        values = json.dumps({name.removeprefix("v"): value for name, value in more.items()})
        return await self.sends("", ContentSid=content, ContentVariables=values)

    async def defines(self, kind: str, **shape: Any) -> str:
        asked = {"friendly_name": "card", "language": "en", "types": {f"twilio/{kind}": shape}}
        url = f"{self.twilio.base_url}/v1/Content"
        return str(self._read(await self.http.post(url, json=asked, auth=self.auth))["sid"])

    async def listed(self, **filters: str) -> list[JSON]:
        """Of every page."""
        page = await self.get(self.url("/Messages.json"), **filters)
        found = list(page["messages"])
        while page["next_page_uri"]:
            page = await self.get(self.twilio.base_url + page["next_page_uri"])
            found += page["messages"]
        return found

    @staticmethod
    def _read(answer: httpx.Response) -> JSON:
        told = answer.json()
        if answer.is_error:
            assert told["status"] == answer.status_code
            raise Refused(answer.status_code, told["code"])
        assert isinstance(told, dict)
        return told

    # --- where Twilio posts to

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            jobs: set[asyncio.Task[None]] = set()

            def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                jobs.add(group.create_task(Connection(reader, writer, self._take).serve()))

            server = await asyncio.start_server(connected, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            self.twilio.reachable_at.append(f"http://127.0.0.1:{port}")
            self.twilio.webhook_url = WEBHOOK
            try:
                yield
            finally:
                server.close()
                for job in jobs:
                    job.cancel()

    async def _take(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.answer(request)

    def forms(self, path: str = "/twilio/webhook") -> list[dict[str, str]]:
        return [self.fields(request) for request in self.requests if request.target == path]

    @staticmethod
    def fields(request: Request) -> dict[str, str]:
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.forms("/twilio/status")]

    async def until_reports(self, many: int) -> None:
        await until(lambda: len(self.statuses()) >= many)

    async def until_status(self, sid: str, status: str) -> None:
        await until(lambda: self.twilio.world.message(sid).status == status)
