"""What can go wrong between a program and a provider, to be switched on by a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import ClassVar, Generic, TypeVar

from tests.support.provider.wire import HangUp, Reply, Silence

EVERY = "*"
R = TypeVar("R")
"""How that provider refuses."""


class Loss(Enum):
    """Where a request is lost: the first has no effect, the others have."""

    BEFORE = auto()
    STALL_AFTER = auto()
    HANG_UP_AFTER = auto()


@dataclass
class Fault(Generic[R]):
    name: str
    left: int
    what: R | Reply | Loss
    at: object = None
    """Only what goes to that chat; None: to any."""

    def hits(self, name: str, at: object) -> bool:
        is_meant = self.name in (name, EVERY) and self.at in (None, at)
        return self.left > 0 and is_meant


@dataclass
class ProviderFaults(Generic[R]):
    """Each holds for the next ``times`` requests of the name."""

    SENDS: ClassVar[str]
    """The request that sends a message."""

    _due: list[Fault[R]] = field(default_factory=list)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)

    def html_5xx(self, name: str = EVERY, status: int = 502, times: int = 1) -> None:
        """The page of a proxy instead of JSON."""
        page = f"<html><body><h1>{status} Bad Gateway</h1><hr>nginx</body></html>"
        self.add(name, Reply(status, page.encode(), "text/html"), times)

    def hang_up_before(self, name: str = EVERY, times: int = 1) -> None:
        self.add(name, Loss.BEFORE, times)

    def hang_up_after_accepting(self, name: str = "", times: int = 1) -> None:
        self.add(name or self.SENDS, Loss.HANG_UP_AFTER, times)

    def stall_after_accepting(self, name: str = "", times: int = 1) -> None:
        """The request has its effect, its answer never comes."""
        self.add(name or self.SENDS, Loss.STALL_AFTER, times)

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[None]:
        """Requests of that name that come meanwhile are worked on afterwards."""
        gate = self._gates[name] = asyncio.Event()
        try:
            yield
        finally:
            gate.set()
            del self._gates[name]

    async def before(self, name: str, at: object = None) -> R | Reply | Loss | None:
        """The fault that this request meets; it is used up."""
        if gate := self._gates.get(name):
            await gate.wait()
        fault = next((one for one in self._due if one.hits(name, at)), None)
        if fault is None:
            return None
        fault.left -= 1
        if fault.what is Loss.BEFORE:
            raise HangUp
        return fault.what

    def after(self, met: R | Reply | Loss | None) -> None:
        if met is Loss.STALL_AFTER:
            raise Silence
        if met is Loss.HANG_UP_AFTER:
            raise HangUp

    def clear(self) -> None:
        self._due.clear()

    def add(self, name: str, what: R | Reply | Loss, times: int, at: object = None) -> None:
        self._due.append(Fault(name, times, what, at))
