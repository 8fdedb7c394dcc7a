"""A whole gateway on a toy tmux: what a person does and what the phone then shows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from inspect import isawaitable
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.clock import SystemClock
from bot.core.agent import AgentSpec
from bot.core.attention.rules import Rules
from bot.core.concerns import Limits
from bot.core.ids import Code
from bot.core.lifecycle import Phase
from bot.core.records import PromptRecord
from bot.core.titles import Titles
from bot.ports.channel import Channel
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.meter import Meter, NoMeter
from bot.ports.store import Store
from bot.registry import leaves
from bot.services.adoption import WatchRule
from bot.services.commands import Command
from bot.services.gateway import Services
from bot.services.looking import Reader
from bot.services.outfit import Plan, Ports
from tests.support.chatlog import FakeChatLog
from tests.support.desktop import FakePainter, FakeWorkspace
from tests.support.faketmux import FakePane, FakeTmux
from tests.support.hooks import FakeAccounts, FakeHooks
from tests.support.phone import Bubble, FakePhone
from tests.support.shelf import MemoryShelf
from tests.support.stores import empty_ledger, opened, temporary_store
from tests.support.toy import TOY, ToyAgent, read_toy
from tests.support.trials import FakeTrials
from tests.support.virtual import QuietStore, VirtualClock, on_virtual_time, real_work

T = TypeVar("T")
W = TypeVar("W", bound="World")

SOON = 60.0
"""Seconds of the world's own time."""


class QuickClock:
    """Time runs ``pace`` times as fast: the gateway's waits are short, their order is kept."""

    def __init__(self, pace: float = 10.0) -> None:
        self._real = SystemClock()
        self._pace = pace
        self._begun = self._real.now()

    def now(self) -> datetime:
        return self._begun + (self._real.now() - self._begun) * self._pace

    def monotonic(self) -> float:
        return self._real.monotonic() * self._pace

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds / self._pace)


class ManualScheduler:
    """Runs a job when a test says so."""

    def __init__(self) -> None:
        self.jobs: dict[str, Callable[[], object]] = {}

    def every(self, name: str, seconds: float, run: Callable[[], object]) -> None:
        self.jobs[name] = run

    def start(self) -> None:
        return

    def stop(self) -> None:
        """What ended is not called any more: its ledger is closed."""
        self.jobs.clear()


@dataclass
class World:
    """``async with running(world)``: until then nothing has been started."""

    path: Path
    meter: Meter = field(default_factory=NoMeter)
    clock: Clock = field(
        default_factory=lambda: VirtualClock() if on_virtual_time() else QuickClock()
    )
    phone: FakePhone = field(default_factory=FakePhone)
    scheduler: ManualScheduler = field(default_factory=ManualScheduler)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    painter: FakePainter = field(default_factory=FakePainter)
    workspace: FakeWorkspace = field(default_factory=FakeWorkspace)
    hooks: FakeHooks = field(default_factory=FakeHooks)
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    more_channels: tuple[Channel, ...] = ()
    watch: WatchRule = field(default_factory=lambda: WatchRule("all", (), ()))
    tmux: FakeTmux = field(init=False)
    wrap: Callable[[Store], Store] = lambda store: store
    """What a test puts between the services and the ledger."""
    rules: Rules = field(default_factory=Rules)
    limits: Limits = field(
        default_factory=lambda: Limits(timedelta(seconds=300), timedelta(seconds=0))
    )
    keyboard: Keyboard | None = None
    """Instead of the toy tmux's own."""
    agents: Mapping[str, AgentSpec] = field(default_factory=lambda: {"toy": TOY})
    trials: FakeTrials = field(default_factory=FakeTrials)
    reader: Reader = read_toy
    store: Store = field(init=False)
    services: Services = field(init=False)
    chat: FakeChatLog = field(init=False)

    def __post_init__(self) -> None:
        self.tmux = FakeTmux(self.clock)
        self.chat = FakeChatLog(self.clock)

    def session(self, name: str, agent: ToyAgent | None = None) -> FakePane:
        return self.tmux.add(name, agent)

    def asks(self, pane: FakePane, subject: str, **rows: object) -> None:
        pane.agent.ask(subject, **rows)  # type: ignore[arg-type]
        self.tmux.wrote(pane)

    async def asked(self, subject: str = "make", **rows: object) -> tuple[FakePane, Bubble]:
        """A session 'shop' that asks, and the card of it."""
        pane = self.session("shop")
        self.asks(pane, subject, **rows)
        return pane, await self.card(subject.rpartition(": ")[2])

    async def record(self, code: str) -> PromptRecord:
        found = await self.services.approvals.by_code(Code(code))
        assert found is not None
        return found

    async def card(self, subject: str) -> Bubble:
        """The open card about that subject, once the phone shows it."""

        def found() -> Bubble | None:
            open_ones = [b for b in self.phone.cards() if subject in b.text]
            return open_ones[-1] if open_ones else None

        return await self.soon(found, f"a card about {subject!r}")

    async def hears(self, text: str, reply_to: str = "", **more: Any) -> Bubble:
        """What the phone shows in answer to these words."""
        before = len(self.phone.replies())
        await self.phone.says(text, reply_to, **more)
        return await self.soon(
            lambda: next(iter(self.phone.replies()[before:]), None), f"an answer to {text!r}"
        )

    async def known(self, *names: str) -> None:
        """Until the gateway has looked at those sessions."""
        await self.soon(
            lambda: (
                {s.name for s in self.services.roster.live() if s.phase is not Phase.SHELL}
                >= set(names)
            ),
            f"sessions {names}",
        )

    async def reply(self, words: str) -> Bubble:
        def found() -> Bubble | None:
            matching = [b for b in self.phone.replies() if words in b.text]
            return matching[-1] if matching else None

        return await self.soon(found, f"a reply with {words!r}")

    async def soon(self, look: Callable[[], T | None], what: str) -> T:
        deadline = self.clock.monotonic() + SOON
        while not (found := look()):
            if self.clock.monotonic() > deadline:
                shown = "\n---\n".join(bubble.text for bubble in self.phone.bubbles)
                raise AssertionError(f"no {what}; the phone shows:\n{shown}")
            await self.clock.sleep(0.05)
        return found

    async def attends(self) -> None:
        """What happens every few seconds with what is held and what waits, now."""
        await self.does("attention")

    async def does(self, job: str) -> None:
        """What the scheduler would call; a gateway that has just been started names it first."""
        run = await self.soon(lambda: self.scheduler.jobs.get(job), f"job {job!r}")
        done = run()
        assert isawaitable(done)
        await done

    async def passes(self, seconds: float) -> None:
        await self.clock.sleep(seconds)

    async def sweeps(self) -> None:
        """What happens every few seconds, now."""
        await self.does("sweep")
        await self.does("review")

    def build(self) -> Services:
        commands: list[Command] = list(leaves("handlers", "COMMAND").values())
        ports = Ports(
            store=self.store,
            terminal=self.tmux,
            keyboard=self.keyboard or self.tmux,
            spawner=self.tmux,
            scheduler=self.scheduler,
            clock=self.clock,
            channels=(self.phone, *self.more_channels),
            shelf=self.shelf,
            chat=self.chat,
            painter=self.painter,
            presence=self.tmux,
            workspace=self.workspace,
            hooks=self.hooks,
            accounts=self.accounts,
            trials=self.trials,
            meter=self.meter,
        )
        plan = Plan(
            agents=self.agents,
            reader=self.reader,
            commands=commands,
            titles=Titles({"fake": "Fake"}),
            watch=self.watch,
            agent_command="toy",
            hook_command="",
            poll_interval=5,
            attention=self.rules,
            limits=self.limits,
            signal_tags=False,
            keep=timedelta(days=30),
            version="test",
            rng=random.Random(7),
        )
        return Services(ports, plan)


@asynccontextmanager
async def running(world: W) -> AsyncIterator[W]:
    """The gateway from its start to an orderly end; enter again for a restart."""
    async with ledger(world.path) as store:
        world.store = world.wrap(store)
        world.services = world.build()
        await world.services.recover()
        task = asyncio.get_running_loop().create_task(world.services.run())
        try:
            yield world
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled() and (error := task.exception()):
                raise error


@asynccontextmanager
async def ledger(folder: Path) -> AsyncIterator[Store]:
    """The one in that folder; a new one if there is none."""
    if not on_virtual_time():
        async with temporary_store(folder) as store:
            yield store
        return
    path = folder / "wingman.db"
    if not path.exists():
        path.write_bytes(empty_ledger())
    with real_work():
        store = await opened(path)
    try:
        yield QuietStore(store)
    finally:
        with real_work():
            await store.close()
