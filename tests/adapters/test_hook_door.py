"""Who waits is told at once that somebody is there, however busy the loop is."""

from __future__ import annotations

import errno
import queue
import socket
from pathlib import Path
from typing import Any

from bot.adapters.hook_door import HERE, WAITS, Door
from tests.support.hookprogram import bound, listening

Let = queue.SimpleQueue[socket.socket]


def comes(state: Path, said: bytes = b"") -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(str(state / "hook.sock"))
    client.sendall(said)
    return client


async def test_a_loop_that_is_busy_keeps_no_hook_waiting_for_the_first_word(
    tmp_path: Path,
) -> None:
    async with listening(tmp_path) as gateway:
        with comes(tmp_path, WAITS + b' "pane": "%7", "event": {}}\n') as hook:
            assert hook.recv(64) == HERE  # the loop has not had its turn
            assert (await gateway.call()).message.pane == "%7"


def test_who_does_not_wait_or_says_nothing_is_let_in_without_a_word(tmp_path: Path) -> None:
    come: Let = queue.SimpleQueue()
    with (
        bound(tmp_path) as door,
        Door(door, come.put),
        comes(tmp_path) as silent,
        comes(tmp_path, b'{"v": 1, "waits": false, "event": {}}\n') as tells,
        comes(tmp_path, WAITS) as waits,
    ):
        assert waits.recv(64) == HERE
        for client in (silent, tells):
            peer = come.get(timeout=10)
            peer.sendall(b"the first word")
            assert client.recv(64) == b"the first word"
            peer.close()
        come.get(timeout=10).close()


def test_without_room_for_another_it_tries_again(tmp_path: Path) -> None:
    full = [OSError(errno.EMFILE, "Too many open files")]

    class Full(socket.socket):
        def accept(self) -> tuple[socket.socket, Any]:
            if full:
                raise full.pop()
            return super().accept()

    come: Let = queue.SimpleQueue()
    with Full(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "hook.sock"))
        door.listen()
        with Door(door, come.put), comes(tmp_path):
            come.get(timeout=10).close()
    assert full == []
