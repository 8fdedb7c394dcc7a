"""A person, some agents and a gateway that is killed again and again, on virtual time.

The toy tmux, the phone and the database's file survive; everything else of the gateway does not.
``Fate`` kills it at a boundary of a transaction, around a key or around a message: from then on
nothing that is left of that life can do anything.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any

from bot.core.decisions import InboundFile
from bot.core.ids import EventId, PaneKey
from bot.core.notices import Notice
from bot.core.press import Outcome, Press, PressResult
from bot.ports.keyboard import Keyboard
from bot.ports.store import Store, Transaction
from bot.services.gateway import Services
from tests.support.faketmux import FakeTmux
from tests.support.phone import ANN, FakePhone
from tests.support.shelf import MemoryShelf
from tests.support.world import World, ledger


class Killed(BaseException):
    """The program is no more."""


class Fate:
    """Counts points at which a kill would matter, and kills at the last of them."""

    def __init__(self, points: int | None) -> None:
        self._left = points
        self.dead = asyncio.Event()

    def check(self) -> None:
        if self.dead.is_set():
            raise Killed

    def point(self) -> None:
        self.check()
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            self.dead.set()
            raise Killed


class MortalStore:
    def __init__(self, store: Store, fate: Fate) -> None:
        self._store = store
        self._fate = fate

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        self._fate.point()
        async with self._store.transaction() as tx:
            yield tx
            self._fate.point()
        self._fate.point()

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        self._fate.check()
        return self._store.snapshot()


@dataclass
class Stroke:
    """A key that went in."""

    press: str
    data: bytes
    subject: str
    """Of the dialog that stood there at that moment."""


@dataclass
class MortalKeyboard:
    tmux: Keyboard
    fate: Fate
    strokes: list[Stroke]
    top: Callable[[PaneKey], str]

    async def press(self, press: Press) -> PressResult:
        self.fate.point()
        result = await self.tmux.press(press)
        if result.outcome is Outcome.PRESSED:
            self.strokes.append(Stroke(press.guard.press, press.data, self.top(press.guard.pane)))
        self.fate.point()
        return result

    async def marker(self, pane: PaneKey) -> str | None:
        self.fate.check()
        return await self.tmux.marker(pane)


@dataclass
class MortalPhone(FakePhone):
    fate: Fate = field(default_factory=lambda: Fate(None))

    async def send(self, address: str, notice: Notice) -> str:
        self.fate.point()
        sent = await super().send(address, notice)
        self.fate.point()
        return sent

    async def edit(self, address: str, message: str, notice: Notice) -> None:
        self.fate.point()
        await super().edit(address, message, notice)
        self.fate.point()

    async def fetch(self, file: InboundFile) -> bytes:
        self.fate.point()
        content = await super().fetch(file)
        self.fate.point()
        return content


@dataclass
class MortalShelf(MemoryShelf):
    fate: Fate = field(default_factory=lambda: Fate(None))

    async def put(self, folder: str, name: str, content: bytes) -> str:
        self.fate.point()
        path = await super().put(folder, name, content)
        self.fate.point()
        return path


Mutate = Callable[[Services], None]


class Lives:
    """One life of the gateway after the other."""

    def __init__(
        self,
        path: Path,
        seed: int,
        tmux: FakeTmux | None,
        mutate: Mutate,
        longest: int = 200,
    ) -> None:
        self.rng = random.Random(seed)
        self.phone = MortalPhone()
        self.shelf = MortalShelf()
        self.world = World(path, phone=self.phone, shelf=self.shelf)
        self._longest = longest
        if tmux is not None:
            tmux.clock = self.world.clock
            self.world.tmux = tmux
        self.tmux = self.world.tmux
        self.strokes: list[Stroke] = []
        self.tops: dict[PaneKey, str] = {}
        self.kills = 0
        self.immortal = False
        self._mutate = mutate
        self._delivering = asyncio.Lock()
        self.tmux.before_press = self._before_press
        self.flip: Callable[[Press], None] = lambda press: None

    def _before_press(self, press: Press) -> None:
        """A person or the agent may be quicker than the key; then what stands there is noted."""
        self.flip(press)
        pane = self.tmux.panes_by_id.get(press.guard.pane.pane)
        asks = pane.agent.asks if pane is not None else []
        self.tops[press.guard.pane] = asks[0][0] if asks else ""

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        keeper = asyncio.get_running_loop().create_task(self._again_and_again())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.wait({keeper})
        if not keeper.cancelled() and (error := keeper.exception()):
            raise error

    async def _again_and_again(self) -> None:
        while True:
            points = None if self.immortal else self.rng.randint(1, self._longest)
            fate = Fate(points)
            async with ledger(self.world.path) as store:
                await self._one_life(store, fate)
            self.kills += 1

    async def _one_life(self, store: Store, fate: Fate) -> None:
        self.world.store = MortalStore(store, fate)
        self.world.keyboard = MortalKeyboard(
            self.tmux, fate, self.strokes, lambda pane: self.tops.get(pane, "")
        )
        self.phone.fate = self.shelf.fate = fate
        loop = asyncio.get_running_loop()
        life = loop.create_task(self._live(self.world.build()))
        death = loop.create_task(fate.dead.wait())
        try:
            await asyncio.wait({life, death}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            fate.dead.set()
            for task in (life, death):
                task.cancel()
            await asyncio.wait({life, death})
            async with self._delivering:
                pass  # nobody uses this life's ledger any more
        _only_killed(life)

    async def _live(self, services: Services) -> None:
        self.world.services = services
        self._mutate(services)
        await services.recover()
        async with asyncio.TaskGroup() as group:
            group.create_task(services.run())
            group.create_task(self._sweeps())

    async def _sweeps(self) -> None:
        while True:
            await self.world.passes(5)
            for job in ("sweep", "review"):
                done = self.world.scheduler.jobs[job]()
                assert isawaitable(done)
                await done

    async def deliver(self, text: str, event: EventId, user: str = ANN, **more: Any) -> None:
        """As a provider does: again, until it was taken in."""
        while True:
            await self.phone.connected.wait()
            try:
                async with self._delivering:
                    await self.phone.says(text, event=event, user=user, **more)
            except Killed:
                await self.world.passes(0.1)
                continue
            return


def _only_killed(life: asyncio.Task[None]) -> None:
    """A life ends by being killed, and by nothing else."""
    if life.cancelled() or (error := life.exception()) is None:
        return
    if isinstance(error, BaseExceptionGroup):
        _, rest = error.split(Killed)
        if rest is not None:
            raise rest
    elif not isinstance(error, Killed):
        raise error
