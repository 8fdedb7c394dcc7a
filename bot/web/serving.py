"""Listening: a TCP port for the browser and a Unix socket for the command line."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.core.errors import WingmanError

DATED = 5.0
"""Seconds that the date of the answers may be late."""
GRACE = 2
"""Seconds that a request in progress gets at shutdown."""


class CannotListen(WingmanError):
    """The port or socket is not to be had."""


class LocalSocket:
    """ASGI wrapper for the server on the Unix socket: who can open that file is the owner.

    The file's mode (0600) keeps others out. Nothing a client sends can make this mark."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = {**scope.get("state", {}), "local_socket": True}
        await self._app({**scope, "state": state}, receive, send)


def listen(host: str, port: int) -> socket.socket:
    """Raises CannotListen. Port 0 takes any free one; ask the socket which."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen()
    except (OSError, OverflowError) as error:
        sock.close()
        raise CannotListen(_why_not(host, port, error)) from error
    return sock


def _why_not(host: str, port: int, error: OSError | OverflowError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"Port {port} is taken: set WINGMAN_WEB__PORT to another one, or to 0 for any"
    if code == errno.EACCES:
        return f"Port {port} needs more rights: set WINGMAN_WEB__PORT to 1024 or higher"
    if code == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine: set WINGMAN_WEB__HOST to 127.0.0.1"
    return f"Cannot listen on {host}:{port}: {error}"


def listen_local(path: Path) -> socket.socket:
    """Mode 0600 from the start. Takes over what a gateway that died has left behind.

    The caller holds the state directory's lock, so nobody else can be listening here."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        sock.bind(str(path))
        sock.listen()
    except OSError as error:
        sock.close()
        raise CannotListen(f"Cannot listen on {path}: {error}") from error
    finally:
        os.umask(before)
    return sock


class _Server(uvicorn.Server):
    """Signals belong to the program around it, which also says when it is to end: uvicorn's own
    loop (0.54) looks ten times a second whether it should, half of what a gateway at rest took."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ending = asyncio.Event()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # 0: the date for the headers is a new one
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATED):
                    await self.ending.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def serve(app: ASGIApp, sock: socket.socket, closing: asyncio.Event) -> None:
    """Until cancelled; then sets ``closing``, which ends the streams, and lets requests finish."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # a request line may hold a login link
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(server.serve(sockets=[sock]))
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError:
            closing.set()
            server.should_exit = True
            server.ending.set()
            await asyncio.wait({running})
            raise
        finally:
            sock.close()
