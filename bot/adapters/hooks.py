"""The socket that ``wingman-hook`` speaks to: a line in, and for a question a line out.

Only processes of our own user are heard. A peer that says nothing, too much or nonsense is let go,
which its agent takes as *no decision*.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog

from bot.adapters.hook_door import Door
from bot.core.errors import WingmanError
from bot.ports.clock import Clock
from bot.ports.hooks import Heard, HookMessage, Passed

log = structlog.get_logger()

VERSION = 1
LONGEST = 4 * 1024 * 1024 + 65536
"""Bytes of a line: the longest event that the hook sends, and what it puts around it."""
MOST = 128
"""Connections at a time: each agent has few, and each of them may wait for minutes."""
FIRST_LINE = 5.0
"""Seconds for a peer to say what it wants."""
BEAT = 5.0
"""Seconds between two signs of life to a hook that waits: it gives up after three of them."""
TAKES = 3.0
"""Seconds for a hook to print an answer and say so: it does nothing else."""


class HookSocket:
    def __init__(
        self, listen: Callable[[], socket.socket], clock: Clock, owner: int | None = None
    ) -> None:
        """``listen`` takes the socket; ``owner``: whose processes are heard, our own user's."""
        self._listen = listen
        self._clock = clock
        self._owner = os.getuid() if owner is None else owner
        self._open = 0

    async def run(self, heard: Heard) -> None:
        loop = asyncio.get_running_loop()
        listening = self._listen()
        hall = _Hall()

        def let_in(peer: socket.socket) -> None:
            loop.call_soon_threadsafe(hall.enter, peer)

        try:
            async with asyncio.TaskGroup() as group:
                with Door(listening, let_in):
                    await self._receive(hall, group, heard)
        finally:
            hall.close()
            with contextlib.suppress(OSError):
                os.unlink(listening.getsockname())
            listening.close()

    async def _receive(self, hall: _Hall, group: asyncio.TaskGroup, heard: Heard) -> None:
        while True:
            peer = await hall.next()
            if self._open >= MOST or peer_uid(peer) != self._owner:
                log.warning("hook.refused", open=self._open)
                peer.close()
                continue
            serving = group.create_task(self._serve(peer, heard))
            # One that is cancelled before it began closes nothing itself.
            serving.add_done_callback(partial(_close, peer))

    async def _serve(self, peer: socket.socket, heard: Heard) -> None:
        self._open += 1
        reader, writer = await asyncio.open_unix_connection(sock=peer, limit=LONGEST)
        try:
            message = await _first(reader)
            if message is not None:
                await self._talk(_Call(message, writer), reader, heard)
        except (OSError, ValueError) as trouble:
            log.warning("hook.dropped", reason=str(trouble))
        finally:
            self._open -= 1
            # What the peer has not been sent by now it shall not get any more.
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, call: _Call, reader: asyncio.StreamReader, heard: Heard) -> None:
        if not call.message.waits:
            await _hand_over(call, heard)
            return
        call.say({"heard": True})
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(call.listen(reader)),
                group.create_task(self._beat(call)),
            ]
            await _hand_over(call, heard)
            for task in beside:
                task.cancel()

    async def _beat(self, call: _Call) -> None:
        while call.is_open:
            await self._clock.sleep(BEAT)
            if call.is_open:
                call.say({"beat": True})


class _Hall:
    """Who has come through the door and is not served yet: closed when nobody serves any more."""

    def __init__(self) -> None:
        self._peers: deque[socket.socket] = deque()
        self._somebody = asyncio.Event()
        self._is_closed = False

    def enter(self, peer: socket.socket) -> None:
        self._peers.append(peer)
        self._somebody.set()
        if self._is_closed:
            self.close()

    async def next(self) -> socket.socket:
        while not self._peers:
            self._somebody.clear()
            await self._somebody.wait()
        return self._peers.popleft()

    def close(self) -> None:
        self._is_closed = True
        while self._peers:
            self._peers.popleft().close()


class _Call:
    def __init__(self, message: HookMessage, writer: asyncio.StreamWriter) -> None:
        self._message = message
        self._writer = writer
        self._answered = False
        self._gone = asyncio.Event()
        self._taken: bool | None = None

    @property
    def message(self) -> HookMessage:
        return self._message

    @property
    def is_open(self) -> bool:
        return not self._answered and not self._gone.is_set()

    def say(self, document: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps({"v": VERSION, **document}).encode() + b"\n")

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """A hook says one thing after its question: whether it has printed the answer."""
        try:
            said = json.loads(await reader.readline() or b"null")
        except (OSError, ValueError):
            said = None
        if isinstance(said, dict):
            self._taken = said.get("printed") is True
        self._gone.set()

    async def answer(self, document: Mapping[str, Any]) -> Passed:
        if not self.is_open or not self._message.waits:
            return Passed.NOT
        self._answered = True
        self.say({"print": document})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TAKES):
                await self._gone.wait()
        if self._taken is None:
            return Passed.UNKNOWN
        return Passed.ON if self._taken else Passed.NOT

    async def left(self) -> None:
        await self._gone.wait()


def _close(peer: socket.socket, _: object) -> None:
    peer.close()


async def _hand_over(call: _Call, heard: Heard) -> None:
    try:
        await heard(call)
    except WingmanError as trouble:
        log.warning("hook.dropped", reason=str(trouble))


async def _first(reader: asyncio.StreamReader) -> HookMessage | None:
    try:
        async with asyncio.timeout(FIRST_LINE):
            line = await reader.readline()
    except TimeoutError:
        return None
    return message_of(line)


def message_of(line: bytes) -> HookMessage | None:
    """None for what is no whole message of a version that we know."""
    try:
        given = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("v") != VERSION:
        return None
    event, pane = given.get("event"), given.get("pane")
    if not isinstance(event, dict) or not isinstance(pane, str):
        return None
    server = str(given.get("tmux", "")).rsplit(",", 2)
    return HookMessage(
        event,
        pane,
        _number(server[1]) if len(server) == 3 else 0,
        _number(str(given.get("pid", ""))),
        given.get("waits") is True,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def peer_uid(peer: socket.socket) -> int:
    """Whose process is at the other end, as the kernel says."""
    if sys.platform == "darwin":  # SOL_LOCAL, LOCAL_PEERCRED: struct xucred is version, uid, …
        return int.from_bytes(peer.getsockopt(0, 1, 76)[4:8], sys.byteorder)
    given = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)  # struct ucred: pid, uid
    return int.from_bytes(given[4:8], sys.byteorder)
