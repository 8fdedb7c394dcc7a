"""Starts ``wingman`` by a fork of a process that has loaded it already (see forkserver.py)."""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import forkserver

USABLE = sys.platform == "linux"
"""The frameworks of macOS do not survive a fork."""


class Forked:
    """A program that runs, or has run; with as much of ``subprocess.Popen`` as is needed here."""

    def __init__(self, report: socket.socket) -> None:
        self._report = report
        self._code: int | None = None
        self.pid = self._told()

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self._code is None and select.select([self._report], [], [], 0)[0]:
            self.wait(0)
        return self._code

    def wait(self, timeout: float) -> int:
        """Raises TimeoutError."""
        if self._code is None:
            self._report.settimeout(timeout)
            self._code = self._told()
            self._report.close()
        return self._code

    def _told(self) -> int:
        number = self._report.recv(forkserver.NUMBER.size)
        if not number:
            raise RuntimeError("the fork server has ended")
        told: int = forkserver.NUMBER.unpack(number)[0]
        return told


class ForkServer:
    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [sys.executable, "-m", forkserver.__name__, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(
                argv,
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], *streams: int
    ) -> Forked:
        """``wingman`` with these arguments; ``streams`` are its input, its output and where it
        says what went wrong."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        order = {"arguments": [*arguments], "environment": {**environment}, "cwd": os.getcwd()}
        with theirs:
            handed = [theirs.fileno(), *streams]
            socket.send_fds(self._control, [json.dumps(order).encode()], handed)
        return Forked(ours)

    def close(self) -> None:
        """All that it has started ends with it."""
        self._control.close()
        self._process.wait(10)


@functools.cache
def server() -> ForkServer:
    """The one of this process, until it ends."""
    made = ForkServer()
    atexit.register(made.close)
    return made
