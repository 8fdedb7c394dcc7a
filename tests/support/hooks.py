"""Agents' hooks in memory: implements the port; hooks may leave, and answers get lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.ids import PaneKey
from bot.core.keeping import Process
from bot.ports.hooks import Heard, HookMessage, Passed
from tests.support.hook_events import event, permission

Json = dict[str, Any]


@dataclass
class FakeCall:
    message: HookMessage
    printed: list[Json] = field(default_factory=list)
    passes: Passed = Passed.ON
    """What becomes of an answer."""
    on_answer: Callable[[Json], None] = lambda document: None
    handled: asyncio.Event = field(default_factory=asyncio.Event)
    """The gateway is through with it: a hook that waits ends now."""
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _answered: bool = False

    @property
    def is_open(self) -> bool:
        return not self._answered and not self._gone.is_set()

    async def answer(self, document: Mapping[str, Any]) -> Passed:
        if not self.is_open:
            return Passed.NOT
        self._answered = True
        if self.passes is not Passed.NOT:
            self.printed.append(dict(document))
            self.on_answer(dict(document))
        self._gone.set()
        return self.passes

    async def left(self) -> None:
        await self._gone.wait()

    def leave(self) -> None:
        """Killed, or its time is over."""
        self._gone.set()

    @property
    def decision(self) -> Json:
        (document,) = self.printed
        found: Json = document["hookSpecificOutput"]["decision"]
        return found


class FakeHooks:
    def __init__(self) -> None:
        self._come: asyncio.Queue[FakeCall] = asyncio.Queue()

    async def run(self, heard: Heard) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                call = await self._come.get()
                group.create_task(self._handle(call, heard))

    async def _handle(self, call: FakeCall, heard: Heard) -> None:
        try:
            await heard(call)
        finally:
            call.handled.set()

    def asks(
        self,
        pane: PaneKey,
        tool: str,
        arguments: Json,
        *suggestions: Json,
        passes: Passed = Passed.ON,
        **fields: object,
    ) -> FakeCall:
        given = permission(tool, arguments, *suggestions, **fields)
        call = FakeCall(self._message(pane, given, waits=True), passes=passes)
        self._come.put_nowait(call)
        return call

    def tells(self, pane: PaneKey, name: str, **fields: object) -> FakeCall:
        call = FakeCall(self._message(pane, event(name, **fields), waits=False))
        self._come.put_nowait(call)
        return call

    def _message(self, pane: PaneKey, given: Json, *, waits: bool) -> HookMessage:
        return HookMessage(given, pane.pane, pane.server.pid, AGENT_PID, waits)


AGENT_PID = 4711
ENVIRONMENT = {"HOME": "/home/dev", "SECRET": "x"}


class FakeAccounts(dict[str, str]):
    """What agents say of themselves, by path."""

    read_count = 0

    async def read(self, path: str) -> str:
        self.read_count += 1
        return self.get(path, "")

    async def size(self, path: str) -> int:
        return len(self.get(path, "").encode())

    async def since(self, path: str, offset: int) -> str:
        return self.get(path, "").encode()[offset:].decode()

    async def family(self, pid: int, variables: Collection[str]) -> Sequence[Process]:
        """A shell, and the agent in it."""
        environment = {name: value for name, value in ENVIRONMENT.items() if name in variables}
        return [Process(pid), Process(AGENT_PID, "77", ("toy",), environment)]

    async def newest(self, folder: str, most: int) -> Sequence[str]:
        return [path for path in self if path.startswith(f"{folder}/")][:most]
