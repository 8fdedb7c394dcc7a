"""Where a provider listens on loopback, and who is connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from tests.support.provider.wire import Answer, Connection


class Doors:
    def __init__(self) -> None:
        self._open: set[Connection] = set()
        self._jobs: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def open(self, *rooms: tuple[Answer, int]) -> AsyncIterator[list[int]]:
        """A server for each, at that port or, for 0, at any: which they are."""
        servers: list[asyncio.Server] = []
        async with asyncio.TaskGroup() as self._group:
            for answer, port in rooms:
                servers.append(await self._listen(answer, port))
            try:
                yield [server.sockets[0].getsockname()[1] for server in servers]
            finally:
                for server in servers:
                    server.close()
                for job in self._jobs:
                    job.cancel()

    async def _listen(self, answer: Answer, port: int) -> asyncio.Server:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.start(self._serve(Connection(reader, writer, answer)))

        return await asyncio.start_server(connected, "127.0.0.1", port)

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Until it is done, or all is closed."""
        assert self._group is not None
        job = self._group.create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def _serve(self, connection: Connection) -> None:
        self._open.add(connection)
        try:
            await connection.serve()
        finally:
            self._open.discard(connection)

    def half_open(self) -> None:
        """Nothing passes on the connections there are; new ones work."""
        for connection in self._open:
            connection.dead.set()
