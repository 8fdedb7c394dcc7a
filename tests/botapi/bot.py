"""A bot of a few lines, so that the fake is tried over HTTP alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

import httpx

from tests.support.botapi.server import FakeBotApi


class Refused(Exception):
    def __init__(self, code: int, description: str, parameters: dict[str, int]) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class Bot:
    def __init__(self, api: FakeBotApi) -> None:
        self.api = api
        self.http = httpx.AsyncClient(timeout=10, trust_env=False, verify=False)
        self.offset = 0

    async def __aenter__(self) -> Bot:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def url(self, method: str) -> str:
        return f"{self.api.base_url}/bot{self.api.token}/{method}"

    async def call(self, method: str, **params: Any) -> Any:
        body, kind = json.dumps(params).encode(), {"content-type": "application/json"}
        return self.result(await self.http.post(self.url(method), content=body, headers=kind))

    async def form(self, method: str, **params: Any) -> Any:
        data = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        }
        return self.result(await self.http.post(self.url(method), data=data))

    async def upload(self, method: str, files: dict[str, Any], **params: str) -> Any:
        return self.result(await self.http.post(self.url(method), data=params, files=files))

    @staticmethod
    def result(answer: httpx.Response) -> Any:
        told = answer.json()
        if not told["ok"]:
            assert told["error_code"] == answer.status_code
            raise Refused(answer.status_code, told["description"], told.get("parameters", {}))
        return told["result"]

    async def says(self, chat: int, text: str, *buttons: str, **more: Any) -> int:
        """Each button sends its own label. Returns the message's number."""
        if buttons:
            row = [{"text": label, "callback_data": label} for label in buttons]
            more["reply_markup"] = {"inline_keyboard": [row]}
        message = await self.call("sendMessage", chat_id=chat, text=text, **more)
        return int(message["message_id"])

    async def updates(self, timeout: int = 0, **more: Any) -> list[Any]:  # noqa: ASYNC109
        got = await self.call("getUpdates", offset=self.offset, timeout=timeout, **more)
        if got:
            self.offset = got[-1]["update_id"] + 1
        return list(got)


async def refusal(call: Awaitable[object]) -> Refused:
    try:
        got = await call
    except Refused as refused:
        return refused
    raise AssertionError(f"not refused: {got}")
