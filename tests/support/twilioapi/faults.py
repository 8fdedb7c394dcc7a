"""What can go wrong between the gateway and Twilio, to be switched on by a test.

A request goes by the name its method has in Twilio's library, such as ``messages.create``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.support.botapi.wire import HangUp, Reply, Silence
from tests.support.twilioapi.errors import Refusal, too_many

EVERY = "*"


class Loss(Enum):
    """Where a request is lost: the first has no effect, the others have."""

    BEFORE = auto()
    STALL_AFTER = auto()
    HANG_UP_AFTER = auto()


@dataclass
class _Fault:
    name: str
    left: int
    what: Refusal | Reply | Loss

    def hits(self, name: str) -> bool:
        return self.left > 0 and self.name in (name, EVERY)


@dataclass
class Faults:
    """Each holds for the next ``times`` requests of that name."""

    _due: list[_Fault] = field(default_factory=list)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)

    def fail(
        self, name: str, status: int, code: int = 0, message: str = "", *, times: int = 1
    ) -> None:
        self._due.append(_Fault(name, times, Refusal(status, code, message)))

    def too_many(
        self, name: str = "messages.create", *, after: int | None = None, times: int = 1
    ) -> None:
        """``after``: seconds that the answer asks for; Twilio often does not say."""
        self._due.append(_Fault(name, times, too_many(after)))

    def html_5xx(self, name: str = EVERY, status: int = 502, *, times: int = 1) -> None:
        """The page of a proxy instead of JSON."""
        page = f"<html><body><h1>{status} Bad Gateway</h1></body></html>"
        self._due.append(_Fault(name, times, Reply(status, page.encode(), "text/html")))

    def hang_up_before(self, name: str = EVERY, *, times: int = 1) -> None:
        self._due.append(_Fault(name, times, Loss.BEFORE))

    def hang_up_after_accepting(self, name: str = "messages.create", *, times: int = 1) -> None:
        self._due.append(_Fault(name, times, Loss.HANG_UP_AFTER))

    def stall_after_accepting(self, name: str = "messages.create", *, times: int = 1) -> None:
        """The request has its effect, its answer never comes."""
        self._due.append(_Fault(name, times, Loss.STALL_AFTER))

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[None]:
        """Requests of that name that come meanwhile are worked on afterwards."""
        gate = self._gates[name] = asyncio.Event()
        try:
            yield
        finally:
            gate.set()
            del self._gates[name]

    async def before(self, name: str) -> Refusal | Reply | Loss | None:
        """The fault that this request meets; it is used up."""
        if gate := self._gates.get(name):
            await gate.wait()
        fault = next((one for one in self._due if one.hits(name)), None)
        if fault is None:
            return None
        fault.left -= 1
        if fault.what is Loss.BEFORE:
            raise HangUp
        return fault.what

    def after(self, met: Refusal | Reply | Loss | None) -> None:
        if met is Loss.STALL_AFTER:
            raise Silence
        if met is Loss.HANG_UP_AFTER:
            raise HangUp

    def clear(self) -> None:
        self._due.clear()
