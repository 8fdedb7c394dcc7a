"""What can go wrong between the bot and Telegram, to be switched on by a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.support.botapi.errors import Refusal, canned, conflict
from tests.support.botapi.wire import HangUp, Reply, Silence

EVERY = "*"


class Loss(Enum):
    """Where a call is lost: the first has no effect, the others have."""

    BEFORE = auto()
    STALL_AFTER = auto()
    HANG_UP_AFTER = auto()


@dataclass(frozen=True)
class Odd:
    """The call has its effect, and is answered with something that no client has a type for."""

    result: object


Trouble = Refusal | Reply | Loss | Odd


@dataclass
class _Fault:
    method: str
    left: int
    what: Trouble
    chat: int | None = None

    def hits(self, method: str, chat: object) -> bool:
        return (
            self.left > 0
            and self.method in (method, EVERY)
            and (self.chat is None or self.chat == chat)
        )


@dataclass
class Faults:
    """Each holds for the next ``times`` calls of the method that it names."""

    _due: list[_Fault] = field(default_factory=list)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)

    def fail(
        self,
        method: str,
        code: int,
        description: str = "",
        *,
        retry_after: int | None = None,
        times: int = 1,
        chat: int | None = None,
    ) -> None:
        """``description`` is the whole text, such as "Bad Request: chat not found"."""
        self._add(method, canned(code, description, retry_after), times, chat)

    def html_5xx(self, method: str = EVERY, status: int = 502, times: int = 1) -> None:
        """The page of a proxy instead of JSON."""
        page = f"<html><body><h1>{status} Bad Gateway</h1><hr>nginx</body></html>"
        self._add(method, Reply(status, page.encode(), "text/html"), times)

    def conflicts(self, times: int) -> None:
        self._add("getUpdates", conflict(), times)

    def hang_up_before(self, method: str = EVERY, times: int = 1) -> None:
        self._add(method, Loss.BEFORE, times)

    def hang_up_after_accepting(self, method: str = "sendMessage", times: int = 1) -> None:
        self._add(method, Loss.HANG_UP_AFTER, times)

    def stall_after_accepting(self, method: str = "sendMessage", times: int = 1) -> None:
        """The call has its effect, its answer never comes."""
        self._add(method, Loss.STALL_AFTER, times)

    def odd_answer(self, method: str, result: object, times: int = 1) -> None:
        self._add(method, Odd(result), times)

    @asynccontextmanager
    async def held(self, method: str) -> AsyncIterator[None]:
        """Calls of this method that come meanwhile are worked on afterwards."""
        gate = self._gates[method] = asyncio.Event()
        try:
            yield
        finally:
            gate.set()
            del self._gates[method]

    async def before(self, method: str, chat: object) -> Trouble | None:
        """The fault that this call meets; it is used up."""
        if gate := self._gates.get(method):
            await gate.wait()
        fault = next((one for one in self._due if one.hits(method, chat)), None)
        if fault is None:
            return None
        fault.left -= 1
        if fault.what is Loss.BEFORE:
            raise HangUp
        return fault.what

    def after(self, met: Trouble | None) -> None:
        if met is Loss.STALL_AFTER:
            raise Silence
        if met is Loss.HANG_UP_AFTER:
            raise HangUp

    def clear(self) -> None:
        self._due.clear()

    def _add(self, method: str, what: Trouble, times: int, chat: int | None = None) -> None:
        self._due.append(_Fault(method, times, what, chat))
