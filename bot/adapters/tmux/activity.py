"""That some pane wrote, told by tmux itself: a second client that waits for it.

tmux 3.8 lets a client wait for an event (``wait-for -E pane-activity``): once for each time that
it asks, and that client does nothing else meanwhile. Tried with 3.8: the block of the command
ends as soon as it waits, and 0.4 ms after the write the next command runs. Which panes wrote is
left to their marks: between two waits there may have been many.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Protocol

import structlog

from bot.adapters.tmux.client import TRIES
from bot.adapters.tmux.control import Block, ControlParser
from bot.adapters.tmux.server import TmuxServer, end_client, settle, start_client, suspend
from bot.ports.clock import Clock

log = structlog.get_logger()

SINCE = (3, 8)
AGAIN = 1.0
"""Seconds until a client that was lost is started anew."""
_READ = 1 << 16
_WAIT = "wait-for -E pane-activity"


class Woken(Protocol):
    def armed(self) -> None:
        """What is written from now on is told; what was written until now is to be looked for."""
        ...

    def unarmed(self) -> None:
        """Nothing is told any more."""
        ...

    def gap(self) -> float:
        """Seconds to leave between two times."""
        ...


class ActivityWait:
    def __init__(self, server: TmuxServer, clock: Clock) -> None:
        self._server = server
        self._clock = clock

    async def run(self, woken: Woken) -> None:
        """Until cancelled, or until it turns out that this tmux knows no such event."""
        known = True
        while known:
            process = await start_client(self._server)
            try:
                known = await self._attached(process, woken)
            finally:
                woken.unarmed()
                await end_client(process)
            await self._clock.sleep(AGAIN)
        log.warning("tmux.no_activity_event")

    async def _attached(self, process: asyncio.subprocess.Process, woken: Woken) -> bool:
        """False when tmux refuses to wait for that; True when the client has ended."""
        assert process.stdin is not None
        assert process.stdout is not None
        blocks = _blocks(process.stdout)
        mark = f"wingman-{secrets.token_hex(8)}"
        if not await self._suspended(process, blocks):
            return True
        while True:
            process.stdin.write(f"{_WAIT}\ndisplay-message -p {mark}\n".encode())
            waits = await anext(blocks, None)
            if waits is None or not waits.ok:
                return waits is None
            woken.armed()
            told = await anext(blocks, None)
            if told is None or told.lines != (mark,):
                return True
            await self._clock.sleep(woken.gap())

    async def _suspended(
        self, process: asyncio.subprocess.Process, blocks: AsyncIterator[Block]
    ) -> bool:
        """False when the client has ended. Its commands may be carried out before it is attached,
        and then it is no client yet."""
        assert process.stdin is not None
        for _ in range(TRIES):
            process.stdin.write(f"{suspend(process)}\n".encode())
            done = await anext(blocks, None)
            if done is None or done.ok:
                await settle(self._server)
                return done is not None
        return True


async def _blocks(stream: asyncio.StreamReader) -> AsyncIterator[Block]:
    """The replies to what this client asked."""
    parser = ControlParser()
    while data := await stream.read(_READ):
        for message in parser.feed(data):
            if isinstance(message, Block) and message.ours:
                yield message
