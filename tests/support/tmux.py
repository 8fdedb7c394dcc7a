"""A tmux server of a test's own, and programs to run in its panes."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from bot.adapters.clock import SystemClock
from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.keyboard import TmuxKeyboard
from bot.adapters.tmux.server import TmuxServer
from bot.adapters.tmux.spawner import TmuxSpawner
from bot.adapters.tmux.terminal import TmuxTerminal
from bot.core.ids import PaneId, PaneKey, PressId, ServerKey
from bot.core.press import Guard, Press
from bot.ports.terminal import Nudge
from tests.support.waiting import until

RECORDER = """
import os, sys, termios, tty
tty.setraw(0)
with open(sys.argv[1], "ab", buffering=0) as record:
    os.write(1, (sys.argv[2].encode() + b"READY\\r\\n"))
    while True:
        record.write(os.read(0, 65536))
"""
"""Writes every byte it gets to a file, and shows none of them."""

NO_TMUX = "" if shutil.which("tmux") else "no tmux on PATH"


@dataclass
class RealTmux:
    """Commands go by processes of their own, as a person's would."""

    folder: Path
    socket: str = "s"
    presses: int = field(default=0)

    @property
    def server(self) -> TmuxServer:
        return TmuxServer(socket_path=self.folder / self.socket)

    def do(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-f", "/dev/null", "-S", str(self.folder / self.socket)]
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def session(self, name: str, *argv: str, size: tuple[int, int] = (80, 24)) -> PaneKey:
        """Without ``argv``: ``cat``, so that what is typed is shown."""
        width, height = size
        ids = self.do(
            *("new-session", "-d", "-P", "-F", "#{pane_id}", "-s", name),
            *("-x", str(width), "-y", str(height), "--"),
            *(argv or ("sh", "-c", "exec cat")),
        )
        return self.key(ids)

    def key(self, pane: str) -> PaneKey:
        shown = self.do("display-message", "-p", "-t", pane, "#{pid} #{start_time} #{pane_pid}")
        pid, start, pane_pid = map(int, shown.split())
        return PaneKey(ServerKey(pid, start), PaneId(pane), pane_pid)

    def screen(self, pane: PaneKey) -> tuple[str, ...]:
        rows = self.do("capture-pane", "-p", "-t", pane.pane).split("\n")
        return tuple(row.rstrip() for row in rows)

    async def shows(self, pane: PaneKey, text: str) -> tuple[str, ...]:
        await until(lambda: text in "\n".join(self.screen(pane)))
        return self.screen(pane)

    def program(self, name: str, source: str, *arguments: str) -> PaneKey:
        return self.session(name, sys.executable, "-c", source, *arguments)

    async def recorder(self, name: str, greeting: str = "") -> tuple[PaneKey, Path]:
        record = self.folder / f"{name}.bytes"
        pane = self.program(name, RECORDER, str(record), greeting)
        await self.shows(pane, "READY")
        return pane, record

    def canaries(self) -> list[Path]:
        """Files named so: proof that something of a text was run."""
        here = [Path("canary"), Path.home() / "canary", Path("/canary")]
        return [path for path in here if path.exists()] + list(self.folder.rglob("canary"))

    @contextlib.contextmanager
    def attached(self, session: str | None) -> Iterator[int]:
        """While a person's ordinary terminal shows the session; with no session there is none."""
        if session is None:
            yield -1
            return
        with attached(self.server.address, session) as keyboard:
            yield keyboard

    def sizes(self) -> str:
        return self.do("list-windows", "-a", "-F", "#{window_id} #{window_width}x#{window_height}")

    def kill(self) -> None:
        command = ["tmux", "-S", str(self.folder / self.socket), "kill-server"]
        subprocess.run(command, capture_output=True, timeout=20, check=False)

    async def restart(self) -> None:
        """Ends the server; the next session starts another."""
        before = Path("/proc", self.do("display-message", "-p", "#{pid}"))
        self.kill()
        await until(lambda: not self.server.listens() and not before.exists())


@contextlib.contextmanager
def attached(socket: Path, session: str) -> Iterator[int]:
    """While a terminal of 100x30 shows the session. What is written to it is typed there."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    command = ["tmux", "-u", "-S", str(socket), "attach", "-t", f"={session}"]
    environment = {**os.environ, "TERM": "xterm"}
    person = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    reader = threading.Thread(target=_drain, args=(ours,), daemon=True)
    reader.start()
    try:
        yield ours
    finally:
        person.terminate()
        person.wait(10)
        os.close(theirs)
        reader.join(10)
        os.close(ours)


def _drain(terminal: int) -> None:
    """A terminal that takes nothing stops its client."""
    with contextlib.suppress(OSError):
        while os.read(terminal, 65536):
            pass


class Listener(Protocol):
    def run(self) -> Coroutine[None, None, None]: ...


H = TypeVar("H", bound=Listener)


@dataclass
class Adapter:
    """The whole adapter on one server, running."""

    tmux: RealTmux
    client: ControlClient
    terminal: TmuxTerminal
    keyboard: TmuxKeyboard
    spawner: TmuxSpawner

    def guard(self, pane: PaneKey, *lines: str, within: int = 30) -> Guard:
        self.tmux.presses += 1
        deadline = int(SystemClock().now().timestamp()) + within
        return Guard(PressId(f"press-{self.tmux.presses}"), pane, deadline, lines)

    def press(self, pane: PaneKey, *lines: str, data: bytes = b"\r") -> Press:
        return Press(self.guard(pane, *lines), data)

    @contextlib.asynccontextmanager
    async def listening(self, heard: Callable[[AsyncIterator[Nudge]], H]) -> AsyncIterator[H]:
        listener = heard(self.terminal.nudges())
        async with asyncio.TaskGroup() as group:
            task = group.create_task(listener.run())
            try:
                yield listener
            finally:
                task.cancel()


@contextlib.asynccontextmanager
async def running(tmux: RealTmux, *, inotify: bool = True) -> AsyncIterator[Adapter]:
    clock = SystemClock()
    client = ControlClient(tmux.server, clock, timeout=30)  # a machine may be busy
    adapter = Adapter(
        tmux,
        client,
        TmuxTerminal(client, clock, inotify=inotify),
        TmuxKeyboard(client),
        TmuxSpawner(tmux.server, clock),
    )
    async with asyncio.TaskGroup() as group:
        task = group.create_task(client.run())
        try:
            yield adapter
        finally:
            task.cancel()
