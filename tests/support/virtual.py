"""A loop on which time passes only when nothing else can happen: long waits cost nothing, and a
test takes the same course however busy the machine is.

    @virtual
    async def test_a_day_later(tmp_path: Path) -> None:
        async with running(World(tmp_path)) as world: ...

Answers of the database's threads are taken in one at a time, and only when the loop is idle.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import selectors
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec

from bot.ports.store import Store, Transaction
from tests.support.stores import empty_ledger

P = ParamSpec("P")

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
HANGS = 20.0
"""Seconds of real time until a thread that does not answer counts as hanging."""


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now = 0.0
        self._arrived: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self.working = 0
        """Calls of real threads that are being waited for."""
        super().__init__(_Idle(self))

    def time(self) -> float:
        return self._now

    def skip(self, seconds: float) -> None:
        """The machine sleeps for so long: what was due meanwhile is done once, and at once."""
        self._now += seconds

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)

        def arrive() -> None:
            if not handle.cancelled():
                self.call_soon(callback, *args, context=context)

        self._arrived.put(arrive)
        return handle

    def idle(self, timeout: float | None) -> None:
        """Nothing can run: a thread's answer comes in, or time passes."""
        try:
            wait = self.working > 0 or timeout is None
            arrive = self._arrived.get(wait, HANGS if wait else None)
        except queue.Empty:
            if timeout is None or self.working:
                raise AssertionError("everything waits, and for nothing that will come") from None
            self._now += timeout
        else:
            arrive()


class _Idle(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self._loop.idle(timeout)
        return []


class VirtualClock:
    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        timer = loop.call_later(max(0.0, seconds), over.set_result, None)
        try:
            await over
        finally:
            timer.cancel()


def virtual(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        empty_ledger()

        async def main() -> None:
            await test(*args, **kwargs)

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(main())

    return run


def skip(seconds: float) -> None:
    """A test in which nothing happens for hours need not play all that the gateway does in them;
    where time has to pass, let a moment of it pass afterwards."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.skip(seconds)


def on_virtual_time() -> bool:
    try:
        return isinstance(asyncio.get_running_loop(), VirtualLoop)
    except RuntimeError:
        return False


@contextmanager
def real_work() -> Iterator[None]:
    """Within it time stands still, as threads are at work."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualLoop):
        yield
        return
    loop.working += 1
    try:
        yield
    finally:
        loop.working -= 1


class QuietStore:
    """A store whose calls take no time and come one after the other.

    A transaction that waits for a second one therefore waits for ever, which is an error."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._still(self._store.transaction)

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        return self._still(self._store.snapshot)

    @asynccontextmanager
    async def _still(
        self, begin: Callable[[], AbstractAsyncContextManager[Transaction]]
    ) -> AsyncIterator[Transaction]:
        async with self._turn:
            with real_work():
                async with begin() as tx:
                    yield tx
