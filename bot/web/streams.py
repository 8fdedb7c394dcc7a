"""Server-sent events: a stream that keeps itself alive, and ends with its client or with us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.ports.clock import Clock

HEARTBEAT = 15.0
RETRY = b"retry: 1000\n\n"
BEAT = b"event: beat\ndata: {}\n\n"


def event(data: str, name: str = "", id: int | None = None) -> bytes:  # noqa: A002 - its name
    """One event. ``data`` must be one line, as JSON is."""
    lines = [f"event: {name}"] if name else []
    if id is not None:
        lines.append(f"id: {id}")
    return "\n".join((*lines, f"data: {data}", "", "")).encode()


class EventStream(Response):
    """Sends what its sources yield until the client leaves, or ``closing`` is set.

    Several sources share one stream: a browser opens only six connections to one host."""

    media_type = "text/event-stream"

    def __init__(
        self,
        sources: Sequence[AsyncGenerator[bytes, None]],
        clock: Clock,
        closing: asyncio.Event,
        status_code: int = 200,
    ) -> None:
        super().__init__(status_code=status_code)
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"
        self._sources = sources
        self._clock = clock
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": self.raw_headers},
        )
        await _chunk(send, RETRY)
        jobs: tuple[Coroutine[Any, Any, Any], ...] = (
            *(_pump(source, send) for source in self._sources),
            self._beat(send),
            self._closing.wait(),
            _left(receive),
        )
        async with asyncio.TaskGroup() as group:
            tasks = {group.create_task(job) for job in jobs}
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        await _chunk(send, b"", more=False)

    async def _beat(self, send: Send) -> None:
        while True:
            await self._clock.sleep(HEARTBEAT)
            await _chunk(send, BEAT)


async def _pump(source: AsyncGenerator[bytes, None], send: Send) -> None:
    async with aclosing(source) as events:
        async for chunk in events:
            await _chunk(send, chunk)


async def _chunk(send: Send, body: bytes, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
