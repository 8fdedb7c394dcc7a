"""The one persistent control client of a tmux server.

Always ``no-output``: a client that takes output and stalls freezes the agents (tmux 3.3a to
3.7c). It attaches and never makes a session, a window or a size of its own (-N, no
``refresh-client -C``), and leaves the session's environment alone (-E).

Every request is followed by a mark of ours on a line of its own: an error drops only the rest
of its own line, so whatever comes before the mark is the reply, however many blocks it has.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot.adapters.tmux.control import Block, ControlParser, Exit, Message, Notification
from bot.adapters.tmux.server import (
    TmuxServer,
    end_client,
    mismatch,
    settle,
    start_client,
    suspend,
    too_old,
)
from bot.core.errors import TerminalUnusable
from bot.core.ids import ServerKey
from bot.ports.clock import Clock
from bot.ports.terminal import Nudge, NudgeKind

log = structlog.get_logger()

ANSWERS_WITHIN = 5.0
LOOK_FOR_SERVER = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.05, 5.0
CERTAIN = 3
"""How often a server that seems to be of another version is asked again."""
STEADY = 5.0
"""A connection that lasted this long was a good one: the next wait is short again."""

TRIES = 200
"""Questions, each of which takes tmux as long as a step of the attach."""

_READ = 1 << 18
_PANES_CHANGED = re.compile(
    "sessions-changed|session-(changed|renamed|window-changed)|layout-change|window-pane-changed"
    "|(unlinked-)?window-(add|close|renamed)"
)


class NoServer(Exception):
    """No tmux server runs, or it has no session. A state, not a fault; nothing was sent."""


class NoAnswer(Exception):
    """It was sent, and tmux went away or kept silent: it may or may not have been done."""


@dataclass(slots=True)
class _Request:
    mark: str
    reply: asyncio.Future[list[Block]]
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Connection:
    process: asyncio.subprocess.Process
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    waiting: deque[_Request] = field(default_factory=deque)
    count: int = 0
    ended: str = ""

    def send(self, lines: Sequence[str]) -> asyncio.Future[list[Block]]:
        if any("\n" in line or "\0" in line for line in lines):
            raise ValueError("a line end would start another tmux command")
        self.count += 1
        mark = f"wingman-{self.token}-{self.count}"
        request = _Request(mark, asyncio.get_running_loop().create_future())
        self.waiting.append(request)
        assert self.process.stdin is not None
        script = "\n".join([*lines, f"display-message -p {mark}", ""])
        self.process.stdin.write(script.encode())
        return request.reply

    def block(self, block: Block) -> None:
        if not block.ours or not self.waiting:
            return
        request = self.waiting[0]
        if block.ok and block.lines == (request.mark,):
            self.waiting.popleft()
            if not request.reply.done():
                request.reply.set_result(request.blocks)
        else:
            request.blocks.append(block)

    def fail(self) -> None:
        while self.waiting:
            reply = self.waiting.popleft().reply
            if not reply.done():
                reply.set_exception(NoAnswer(self.ended or "tmux went away"))


class ControlClient:
    """``run()`` keeps it attached; ``ask()`` may be called by anybody meanwhile."""

    def __init__(self, server: TmuxServer, clock: Clock, timeout: float = ANSWERS_WITHIN) -> None:
        self.server = server
        self.key: ServerKey | None = None
        """The life of the server that was last attached to; None when there is none."""
        self.version = ""
        """Of the server that was last attached to."""
        self.listener: Callable[[Nudge], None] | None = None
        self.companion: Callable[[str], Awaitable[None]] | None = None
        """Runs as long as it is attached; gets the server's version."""
        self._clock = clock
        self._timeout = timeout
        self._connection: _Connection | None = None
        self._known = asyncio.Event()
        self._knock = asyncio.Event()
        self._problem = ""

    @property
    def process_id(self) -> int | None:
        return None if self._connection is None else self._connection.process.pid

    async def ask(self, *lines: str) -> list[Block]:
        """The blocks of all lines, in order. Raises NoServer, NoAnswer or TerminalUnusable."""
        connection = await self._ready()
        try:
            async with asyncio.timeout(self._timeout):
                return await connection.send(lines)
        except TimeoutError:
            connection.ended = f"tmux did not answer within {self._timeout:g} s"
            with contextlib.suppress(ProcessLookupError):
                connection.process.kill()
            raise NoAnswer(connection.ended) from None

    async def _ready(self) -> _Connection:
        if self._connection is None and self.server.listens():
            self._known.clear()
            self._knock.set()
        try:
            async with asyncio.timeout(self._timeout):
                await self._known.wait()
        except TimeoutError:
            raise TerminalUnusable(self._problem or "there is no connection to tmux") from None
        if self._problem:
            raise TerminalUnusable(self._problem)
        if self._connection is None:
            raise NoServer
        return self._connection

    async def run(self) -> None:
        """Attaches, and attaches again whenever that ends. Runs until it is cancelled."""
        wait = FIRST_WAIT
        while True:
            if not await self._has_session():
                self._absent()
                await self._pause(LOOK_FOR_SERVER)
                continue
            began = self._clock.monotonic()
            await self._attached()
            wait = FIRST_WAIT if self._clock.monotonic() - began > STEADY else wait
            await self._pause(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _pause(self, seconds: float) -> None:
        """Shorter when somebody asks: a server may have come up this very moment."""
        async with asyncio.TaskGroup() as group:
            alarm = group.create_task(self._clock.sleep(seconds))
            knock = group.create_task(self._knock.wait())
            await asyncio.wait({alarm, knock}, return_when=asyncio.FIRST_COMPLETED)
            alarm.cancel()
            knock.cancel()
        self._knock.clear()

    async def _has_session(self) -> bool:
        """No process is started while nobody listens."""
        if not self.server.listens():
            self._fault("")
            return False
        try:
            answer = await self.server.run("list-sessions", "-F", "#{session_id}")
        except TerminalUnusable as error:
            self._fault(str(error))
            return False
        self._fault(await self._misfit(answer.error + answer.out))
        return answer.status == 0 and bool(answer.out.strip())

    def _absent(self) -> None:
        if self.key is not None:
            log.info("tmux.lost", pid=self.key.pid)
            self.key = None
            self._tell(NudgeKind.LOST)
        self._known.set()

    def _fault(self, problem: str) -> None:
        """What keeps us from tmux, empty when nothing does."""
        if problem and problem != self._problem:
            log.error("tmux.unusable", problem=problem)
        self._problem = problem
        if problem:
            self._known.set()

    async def _misfit(self, said: str) -> str:
        """A server that is about to end leaves the same words behind as one of another version,
        which goes on listening."""
        problem = mismatch(said)
        for _ in range(CERTAIN if problem else 0):
            if not self.server.listens():
                return ""
            with contextlib.suppress(TerminalUnusable):
                await self.server.run("list-sessions")
        return problem if problem and self.server.listens() else ""

    def _tell(self, kind: NudgeKind) -> None:
        if self.listener is not None:
            self.listener(Nudge(kind))

    async def _attached(self) -> None:
        """One connection, from the attach to its end."""
        self._known.clear()
        connection = _Connection(await start_client(self.server))
        try:
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(self._read(connection))
                beside = group.create_task(self._greet(connection))
                await reading
                beside.cancel()
        finally:
            self._drop(connection)
            await end_client(connection.process)
        if problem := await self._misfit(connection.ended):
            self._fault(problem)

    async def _read(self, connection: _Connection) -> None:
        stream = connection.process.stdout
        assert stream is not None
        parser = ControlParser()
        while data := await stream.read(_READ):
            for message in parser.feed(data):
                self._heard(connection, message)
        self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        """First out of reach, then failed: whoever asks again must not get the same one."""
        self._connection = None
        self._known.clear()
        connection.fail()

    def _heard(self, connection: _Connection, message: Message) -> None:
        match message:
            case Block():
                connection.block(message)
            case Exit(reason):
                connection.ended = reason
            case Notification(name) if self._connection and _PANES_CHANGED.fullmatch(name):
                self._tell(NudgeKind.PANES)
            case _:
                pass

    async def _greet(self, connection: _Connection) -> None:
        """The first question: which server is this?"""
        try:
            async with asyncio.timeout(self._timeout):
                blocks = await connection.send(
                    ["display-message -p '#{pid} #{start_time} #{version}'"]
                )
                await self._suspend(connection)
        except (NoAnswer, TimeoutError):
            with contextlib.suppress(ProcessLookupError):
                connection.process.kill()
            return
        pid, start_time, version = blocks[0].lines[0].split(" ", 2)
        if complaint := too_old(version):
            self._fault(f"the running tmux server: {complaint}, and start the sessions again")
            return
        self.version = version
        self._welcome(connection, ServerKey(int(pid), int(start_time)))
        if self.companion is not None:
            await self.companion(version)

    async def _suspend(self, connection: _Connection) -> None:
        """Its commands may be carried out before it is attached, and then it is no client yet."""
        for _ in range(TRIES):
            [done] = await connection.send([suspend(connection.process)])
            if done.ok:
                break
        await settle(self.server)

    def _welcome(self, connection: _Connection, key: ServerKey) -> None:
        before, self.key = self.key, key
        self._connection, self._problem = connection, ""
        self._known.set()
        log.info("tmux.attached", pid=key.pid)
        if before == key:
            self._tell(NudgeKind.PANES)
            return
        if before is not None:
            self._tell(NudgeKind.LOST)
        self._tell(NudgeKind.FOUND)
