"""HTTP on loopback, close enough to the connection that it can also go wrong there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate

import h11

CHUNK = 65_536


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Silence(Exception):
    """The request gets no answer, and the connection stays as it is."""


class HangUp(Exception):
    """The connection is reset instead of an answer."""


Answer = Callable[[Request], Awaitable[Reply]]


class Connection:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._http = h11.Connection(h11.SERVER)
        self.dead = asyncio.Event()
        """Nothing comes through any more, and neither end is told (as when a NAT forgets)."""

    async def serve(self) -> None:
        try:
            while request := await self._request():
                reply = await self._reply(request)
                if reply is None:
                    break
                await self._send(reply)
        except HangUp:
            self._writer.transport.abort()
        except (h11.RemoteProtocolError, ConnectionError):
            pass
        finally:
            self._writer.close()

    async def _request(self) -> Request | None:
        """None when the other end has hung up."""
        head: h11.Request | None = None
        body = b""
        while True:
            match self._http.next_event():
                case h11.Request() as head:
                    if self._http.they_are_waiting_for_100_continue:
                        await self._write(h11.InformationalResponse(status_code=100, headers=[]))
                case h11.Data(data=data):
                    body += data
                case h11.EndOfMessage() if head is not None:
                    headers = {name.decode(): value.decode() for name, value in head.headers}
                    return Request(head.method.decode(), head.target.decode(), headers, body)
                case h11.ConnectionClosed():
                    return None
                case _:
                    self._http.receive_data(await self._reader.read(CHUNK))

    async def _reply(self, request: Request) -> Reply | None:
        """None when the other end has gone, or nobody can reach it."""
        if self.dead.is_set():
            await self._gone()
            return None
        async with asyncio.TaskGroup() as group:
            gone = group.create_task(self._gone())
            dead = group.create_task(self.dead.wait())
            work = group.create_task(self._work(request))
            await asyncio.wait({gone, work, dead}, return_when=asyncio.FIRST_COMPLETED)
            reply = None if self.dead.is_set() or not work.done() else work.result()
            work.cancel()
            dead.cancel()
            if reply is None and not gone.done():
                await gone
            gone.cancel()
        if isinstance(reply, HangUp):
            raise reply
        return reply

    async def _work(self, request: Request) -> Reply | HangUp | None:
        try:
            return await self._answer(request)
        except Silence:
            return None
        except HangUp as hangup:
            return hangup

    async def _gone(self) -> None:
        """What is sent ahead of an answer is kept for later."""
        while data := await self._reader.read(CHUNK):
            self._http.receive_data(data)

    async def _send(self, reply: Reply) -> None:
        headers = {
            "content-type": reply.content_type,
            "content-length": str(len(reply.body)),
            "date": formatdate(usegmt=True),
            **reply.headers,
        }
        await self._write(
            h11.Response(status_code=reply.status, headers=list(headers.items())),
            h11.Data(data=reply.body),
            h11.EndOfMessage(),
        )
        if self._http.our_state is h11.MUST_CLOSE:
            raise HangUp
        self._http.start_next_cycle()

    async def _write(self, *events: h11.Event) -> None:
        for event in events:
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
