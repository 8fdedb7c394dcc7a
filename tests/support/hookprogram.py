"""The real ``wingman-hook`` as an agent runs it, and servers it may meet."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import hook
from bot.adapters.clock import SystemClock
from bot.adapters.hooks import HookSocket
from bot.core.places import HOOK_SOCKET
from bot.ports.hooks import HookCall
from tests.support.clock import settle

PROGRAM = [sys.executable, "-I", "-S", str(Path(hook.__file__).resolve())]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ALLOW = {
    "hookSpecificOutput": {
        "hookEventName": "PermissionRequest",
        "decision": {"behavior": "allow"},
    }
}
ASKS = {
    "hook_event_name": "PermissionRequest",
    "tool_name": "Bash",
    "tool_input": {"command": "make"},
}


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def said_nothing(self) -> bool:
        return (self.code, self.out, self.err) == (0, "", "")


class HookRun:
    """One run, begun and not yet waited for."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes) -> None:
        self.process = process
        self._feeder = threading.Thread(target=self._feed, args=(given,))
        self._feeder.start()

    def _feed(self, given: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self.process.stdin as stdin:
            stdin.write(given)

    async def ended(self) -> Ran:
        return await asyncio.to_thread(self._wait)

    def _wait(self) -> Ran:
        self._feeder.join(20)
        out, err = (
            b"" if pipe is None or pipe.closed else pipe.read()
            for pipe in (self.process.stdout, self.process.stderr)
        )
        with self.process:
            return Ran(self.process.wait(20), out.decode(), err.decode())


async def begin(
    state: Path,
    event: object = ASKS,
    *,
    raw: bytes | None = None,
    pane: str = "%7",
    server: int = 4242,
    pid: str = "99",
) -> HookRun:
    """As run by an agent in that pane of the tmux server of that process."""
    given = json.dumps(event).encode() if raw is None else raw
    tmux = f"/tmp/tmux-0/default,{server},0"
    environment = {"TMUX_PANE": pane, "TMUX": tmux, "CLAUDE_PID": pid}
    return await asyncio.to_thread(_begin, state, given, environment)


def _begin(state: Path, given: bytes, environment: Mapping[str, str]) -> HookRun:
    pipe = subprocess.PIPE
    argv = [*PROGRAM, str(state)]
    process = subprocess.Popen(argv, env=environment, stdin=pipe, stdout=pipe, stderr=pipe)
    return HookRun(process, given)


async def run(state: Path, event: object = ASKS, **more: Any) -> Ran:
    return await (await begin(state, event, **more)).ended()


@dataclass
class Gateway:
    """What the real socket hands on, and what is done with it."""

    calls: list[HookCall] = field(default_factory=list)
    handle: Callable[[HookCall], Awaitable[None]] | None = None
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def heard(self, call: HookCall) -> None:
        self.calls.append(call)
        self._more.set()
        if self.handle is not None:
            await self.handle(call)
        elif call.message.waits:
            await call.left()

    async def call(self, number: int = 0) -> HookCall:
        while len(self.calls) <= number:
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), 20)
        return self.calls[number]


def bound(state: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(state / HOOK_SOCKET))
    listening.listen()
    return listening


@contextmanager
def seeming(uid: int) -> Iterator[None]:
    """What listens from here on is that user's, to whoever asks the kernel."""
    own = os.geteuid()
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(own)


@asynccontextmanager
async def listening(state: Path, owner: int | None = None) -> AsyncIterator[Gateway]:
    gateway = Gateway()
    there = asyncio.Event()

    def listen() -> socket.socket:
        there.set()
        return bound(state)

    door = HookSocket(listen, SystemClock(), owner)
    task = asyncio.get_running_loop().create_task(door.run(gateway.heard))
    await there.wait()
    try:
        yield gateway
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()):
            raise error


@asynccontextmanager
async def rogue(
    state: Path,
    talk: Talk,
    uid: int | None = None,
) -> AsyncIterator[None]:
    """Something else at the socket's place."""

    lines: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        try:
            await talk(reader, writer)
        except OSError:
            return
        finally:
            writer.close()

    door = bound(state)
    with seeming(os.geteuid() if uid is None else uid):
        server = await asyncio.start_unix_server(serve, sock=door, limit=1 << 23)
    try:
        yield
    finally:
        server.close()
        await settle()  # who was just let in
        while lines:
            line = lines.pop()
            line.close()
            with contextlib.suppress(OSError):
                await line.wait_closed()


def is_root() -> bool:
    return os.geteuid() == 0
