"""Two watchers to compare the gateway with: the least one can do at once, and a poller.

    python -m tests.benchmarks.watchers bare|poll SOCKET HOST PORT

Neither keeps anything, paces anything or answers anything: they find a signal or a dialog on a
pane's screen and send its text to the Bot API on loopback."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.server import TmuxServer
from bot.adapters.tmux.terminal import TmuxTerminal
from bot.core.ids import PaneId
from bot.ports.terminal import NudgeKind

FOUND = re.compile(r"^[●\s]*:::(?:DONE|HELP):.*?:::|^ +rm -rf .*$", re.MULTILINE)
INTERVAL = 5.0


class Out:
    """One connection that stays open."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._sent: set[tuple[str, str]] = set()
        self._io: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def tell(self, pane: str, screen: str) -> None:
        for found in FOUND.findall(screen):
            if (pane, found) not in self._sent:
                self._sent.add((pane, found))
                await self._post(json.dumps({"chat_id": 1, "text": found}).encode())

    async def _post(self, body: bytes) -> None:
        self._io = self._io or await asyncio.open_connection(*self._address)
        reader, writer = self._io
        head = f"POST /botT/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", answer)
        await reader.readexactly(int(length[1]) if length else 0)


async def nudged(terminal: TmuxTerminal) -> AsyncIterator[set[PaneId] | None]:
    """Panes that wrote; None: list them again."""
    async for nudge in terminal.nudges():
        yield {nudge.pane} if nudge.kind is NudgeKind.WROTE and nudge.pane else None


async def bare(server: TmuxServer, out: Out) -> None:
    """inotify, one control client, a regular expression."""
    clock = SystemClock()
    client = ControlClient(server, clock)
    terminal = TmuxTerminal(client, clock)
    async with asyncio.TaskGroup() as group:
        group.create_task(client.run())
        keys = {info.key.pane: info.key for info in await terminal.panes()}
        async for panes in nudged(terminal):
            if panes is None:
                keys = {info.key.pane: info.key for info in await terminal.panes()}
                continue
            screens = await terminal.capture([keys[pane] for pane in panes if pane in keys])
            for pane, screen in screens.items():
                await out.tell(pane, "\n".join(screen.rows))


async def poll(server: TmuxServer, out: Out) -> None:
    """A process for each pane, every few seconds."""
    clock = SystemClock()
    while True:
        began = clock.monotonic()
        listed = await server.run("list-panes", "-a", "-F", "#{pane_id}")
        for pane in listed.out.split():
            screen = await server.run("capture-pane", "-p", "-t", pane)
            await out.tell(pane, screen.out)
        await clock.sleep(max(0.0, INTERVAL - (clock.monotonic() - began)))


def main(arguments: Sequence[str]) -> None:
    kind, socket, host, port = arguments
    server, out = TmuxServer(socket_path=Path(socket)), Out(host, int(port))
    asyncio.run({"bare": bare, "poll": poll}[kind](server, out))


if __name__ == "__main__":
    main(sys.argv[1:])
