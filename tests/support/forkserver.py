"""A process that has loaded ``wingman`` and becomes it by a fork, as often as it is asked to.

A gateway that starts from nothing computes for two seconds, nearly all of it imports; a fork of
this takes milliseconds. What runs then is the same ``main``, in a session of its own, with the
arguments, the environment, the folder and the streams that it is given.

    python -m tests.support.forkserver FILE-DESCRIPTOR"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from typing import Any

from bot.cli import main
from bot.commands import gateway, people, setup
from bot.registry import leaves

_LOADED = (gateway.run, setup.setup, people.show)
"""Of modules that are loaded on first use."""

NUMBER = struct.Struct("i")
"""What is told of a program: first its pid, and once it has ended its exit code."""
_ORDER = 1 << 18
"""Bytes at most: an order is one packet."""


def serve(control: socket.socket) -> None:
    """Returns in each of the programs that it starts; the server ends with whoever asks it."""
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _reap(running)
        if control not in ready:
            continue
        order, handed, _, _ = socket.recv_fds(control, _ORDER, 4)
        if not order:
            _end(running)
        report, *streams = handed
        pid = os.fork()
        if not pid:
            for opened in (control, woken, wake, *running.values()):
                opened.close()
            os.close(report)
            become(json.loads(order), streams)
            return
        for stream in streams:
            os.close(stream)
        running[pid] = socket.socket(fileno=report)
        _tell(running[pid], pid)


def _reap(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as report:
            _tell(report, os.waitstatus_to_exitcode(status))


def _tell(report: socket.socket, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody asks for it any more
        report.send(NUMBER.pack(number))


def _end(running: dict[int, socket.socket]) -> None:
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    sys.exit()


def become(order: dict[str, Any], streams: Sequence[int]) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    sys.argv = ["-c", *order["arguments"]]


def _load() -> None:
    """All that a gateway would load on its way."""
    for package, constant in (
        ("bot.agents", "AGENT"),
        ("bot.channels", "CHANNEL"),
        ("handlers", "COMMAND"),
    ):
        leaves(package, constant)
    gc.collect()
    gc.freeze()  # a collection in a fork does not copy what all of them share


if __name__ == "__main__":
    _load()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked)
    main()
