"""A provider in a loop of its own, for programs that block."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, TypeVar


class Runnable(Protocol):
    def running(self) -> AbstractAsyncContextManager[object]: ...


T = TypeVar("T", bound=Runnable)


class Elsewhere(Generic[T]):
    def __init__(self, api: T) -> None:
        self.api = api
        self.loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._down = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with self.api.running():
            self._up.set()
            await self._down.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._up.wait(10)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._down.set)
        self._thread.join(10)
