"""npm's telegram-test-api as a second, independent Telegram: other people's idea of the Bot API.

It checks nothing, knows few methods, and answers some of them in a form no client reads; a relay
before it repairs just that: ``is_bot`` is missing, times are in milliseconds, options come back
as text, edits give null, taps have no ``chat_instance``, a long poll does not wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.adapters.clock import SystemClock
from tests.support.provider.wire import Connection, Reply, Request

STARTER = Path(__file__).parents[2] / "oracles" / "telegram_test_api.cjs"
TOKEN = "7000000002:token-for-another-telegram-00000000"
LOOK_SECONDS = 0.1

_NO_HOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
UNKNOWN_THERE: dict[str, object] = {
    "getWebhookInfo": _NO_HOOK,
    "setMyCommands": True,
    "setMessageReaction": True,
    "sendChatAction": True,
}


class Elsewhere:
    def __init__(self) -> None:
        self.base_url = ""
        self.asked: list[str] = []
        """The methods that were called, in their order."""
        self._there = ""
        self._clock = SystemClock()
        self._http = httpx.AsyncClient(timeout=10, trust_env=False, verify=False)

    @asynccontextmanager
    async def running(self, package: Path) -> AsyncIterator[Elsewhere]:
        process = await asyncio.create_subprocess_exec(
            "node", str(STARTER), str(package), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        self._there = f"http://127.0.0.1:{int(await process.stdout.readline())}"
        try:
            async with self._http, asyncio.TaskGroup() as group:
                jobs: list[asyncio.Task[None]] = []

                def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                    connection = Connection(reader, writer, self._answer)
                    jobs.append(group.create_task(connection.serve()))

                server = await asyncio.start_server(connected, "127.0.0.1", 0)
                self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
                yield self
                server.close()
                for job in jobs:
                    job.cancel()
        finally:
            process.kill()
            await process.wait()

    # --- the person

    async def says(self, text: str) -> None:
        await self._person("sendMessage", {**_HERE, "text": text})

    async def taps(self, message: int, data: str) -> None:
        card = {**_HERE, "message_id": message, "text": "a card"}
        await self._person("sendCallback", {"from": _ANN, "message": card, "data": data})

    async def cards(self) -> list[dict[str, Any]]:
        """What the bot has sent, as it looks now."""
        told = await self._http.post(f"{self._there}/getUpdatesHistory", json={"token": TOKEN})
        return [
            {**one["message"], "message_id": one["messageId"]}
            for one in told.json()["result"]
            if "chat_id" in one.get("message", {})
        ]

    async def card(self, words: str) -> dict[str, Any] | None:
        return next((one for one in await self.cards() if words in one["text"]), None)

    async def _person(self, what: str, content: dict[str, Any]) -> None:
        await self._http.post(f"{self._there}/{what}", json={"botToken": TOKEN, **content})

    # --- the relay

    async def _answer(self, request: Request) -> Reply:
        method = urlsplit(request.target).path.rpartition("/")[2]
        self.asked.append(method)
        if method in UNKNOWN_THERE:
            return _ok(UNKNOWN_THERE[method])
        result = await self._forward(request)
        if isinstance(result, Reply):
            return result
        while method == "getUpdates" and result == []:
            await self._clock.sleep(LOOK_SECONDS)
            result = await self._forward(request)
        return _ok(_repaired(method, result))

    async def _forward(self, request: Request) -> Any:
        kind = {"content-type": request.content_type}
        url = self._there + request.target
        answer = await self._http.request(request.method, url, content=request.body, headers=kind)
        told = answer.json()
        return told["result"] if told.get("ok") else Reply(answer.status_code, answer.content)


_ANN = {"id": 7001, "is_bot": False, "first_name": "Ann"}
_HERE = {
    "from": _ANN,
    "chat": {"id": 7001, "type": "private", "first_name": "Ann"},
    "date": 1_767_000_000,
}


def _ok(result: object) -> Reply:
    return Reply(200, json.dumps({"ok": True, "result": result}).encode())


def _repaired(method: str, result: Any) -> Any:
    if result is None:
        return True
    if method == "getMe":
        return {**result, "is_bot": True}
    if method == "sendMessage":
        kept = {name: one for name, one in result.items() if name != "link_preview_options"}
        return {**kept, "date": result["date"] // 1000}
    if method == "getUpdates":
        for update in result:
            if "callback_query" in update:
                update["callback_query"]["chat_instance"] = "1"
    return result
