"""The real gateway as a process of its own, to be killed at any moment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx

from tests.support import forked
from tests.support.forked import Forked
from tests.support.waiting import until

PROGRAM = "from bot.cli import main; main()"
LONG = bool(os.environ.get("WINGMAN_TEST_LONG"))


def begin(
    program: str, arguments: Sequence[str], environment: Mapping[str, str], *streams: int
) -> subprocess.Popen[bytes] | Forked:
    """``wingman`` is forked from a process that has loaded it already; another program starts from
    nothing, as all do in a long run. ``streams`` are its input, its output and its errors."""
    if forked.USABLE and not LONG and program == PROGRAM:
        return forked.server().start(arguments, environment, *streams)
    argv = [sys.executable, "-c", program, *arguments]
    stdin, stdout, stderr = streams
    return subprocess.Popen(
        argv, env=environment, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
    )


def wingman(
    environment: Mapping[str, str], *arguments: str, typed: str = ""
) -> tuple[int, str, str]:
    """A command that ends by itself: its exit code, what it printed, and what it complained of."""
    with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        given.write(typed)
        given.seek(0)
        streams = (given.fileno(), out.fileno(), err.fileno())
        code = begin(PROGRAM, arguments, environment, *streams).wait(60)
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


class GatewayProcess:
    """``wingman run`` on a private tmux server and state directory.

    Each of ``settings`` is a variable: ``TELEGRAM__TOKEN="…"``."""

    def __init__(self, directory: Path, tmux_socket: Path, **settings: str) -> None:
        self.state = directory / "state"
        self.log = directory / "gateway.log"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("WINGMAN_", "TMUX"))},
            "WINGMAN_STATE_DIR": str(self.state),
            "WINGMAN_TMUX__SOCKET_PATH": str(tmux_socket),
            "WINGMAN_WEB__PORT": "0",
            "WINGMAN_MONITOR__POLL_INTERVAL": "1",
            **{f"WINGMAN_{name}": value for name, value in settings.items()},
        }
        self.program = PROGRAM
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self.http = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(self.state / "wingman.sock")),
            base_url="http://wingman",
            timeout=10,
        )

    async def up(self) -> None:
        """Started, and answering on its socket."""
        self._begin()
        await until(self._answers, within=60)

    def _begin(self) -> None:
        with self.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
            streams = (nothing.fileno(), log.fileno(), log.fileno())
            self._process = begin(self.program, ("run", "--verbose"), self.environment, *streams)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the gateway ended:\n{self.log.read_text()[-3000:]}")
        return await self.get("/healthz") is not None

    def stopped(self, within: float) -> int:
        """Told to end by the signal of a service manager: its exit code."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGTERM)
        return self._process.wait(within)

    def kill(self) -> None:
        """No warning, no chance to write anything."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def freeze(self) -> None:
        """It is there, and does nothing until ``thaw``."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, number)

    async def down(self) -> None:
        self.kill()
        await self.http.aclose()

    async def get(self, path: str) -> Any:
        """None when nobody answers."""
        try:
            answer = await self.http.get(path)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None

    async def says(self, text: str, event: str) -> bool:
        """A message to the local phone; True when the gateway has taken it for good."""
        try:
            answer = await self.http.post("/api/chat", json={"text": text, "event": event})
        except httpx.TransportError:
            return False
        return answer.is_success
