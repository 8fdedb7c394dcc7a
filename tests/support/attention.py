"""What lies between a notice and an outbox row, at work on phones that keep a diary."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.approvals import Happening, PromptState
from bot.core.attention.rules import Rules
from bot.core.decisions import Principal
from bot.core.effects import ClosePrompt, Effect, OpenPrompt
from bot.core.ids import Fingerprint, PaneId, PaneKey, PromptId, ServerKey, SessionName
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.ports.channel import Capabilities
from bot.ports.clock import Clock
from bot.ports.meter import NoMeter
from bot.ports.store import Store
from bot.services.alarms import Alarms
from bot.services.attention import Attention
from bot.services.failover import Failover
from bot.services.holding import Holding
from bot.services.ledger import Ledger
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.receipts import Receipts
from bot.services.reminders import Reminders
from bot.services.roster import Roster
from bot.services.steering import Steering
from tests.support.ledger_rows import BASH, session
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock
from tests.support.world import ledger


class Calendar(VirtualClock):
    """Virtual time from a date on."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=self.monotonic())


@dataclass
class Diary(FakePhone):
    """Keeps when each message came, and whether it rang."""

    clock: Clock = field(default_factory=VirtualClock)
    came: list[tuple[datetime, Notice]] = field(default_factory=list)

    async def send(self, address: str, notice: Notice) -> str:
        refs = await super().send(address, notice)
        self.came.append((self.clock.now(), notice))
        return refs


def diary(name: str, clock: Clock) -> Diary:
    """``desk`` is a screen that does not ring; on ``paid`` messages cost money."""
    able = Capabilities(
        buttons=True, edits=True, text_limit=4096, rings=name != "desk", costs=name == "paid"
    )
    user = {f"{name}-id": f"chat-{name}"}
    return Diary(id=name, capabilities=able, allowed=user, name=name.capitalize(), clock=clock)


class Machine:
    """Who typed where."""

    def __init__(self) -> None:
        self.keys: dict[PaneId, datetime] = {}

    async def typed(self) -> dict[PaneId, datetime]:
        return dict(self.keys)


class Team:
    def __init__(
        self, store: Store, rules: Rules, clock: Clock, phones: tuple[Diary, ...], machine: Machine
    ) -> None:
        self.store, self.clock, self.phones, self.machine = store, clock, phones, machine
        self.roster = Roster(store)
        self.attention = Attention(store, phones, self.roster, machine, clock, rules)
        self.notifier = Notifier(phones, clock, attention=self.attention)
        alarms = Alarms(store, self.notifier, clock)
        receipts = Receipts(store, phones, self.notifier, alarms, self._wake, clock)
        failover = Failover(store, self.notifier, alarms, receipts, clock)
        self.outbox = Outbox(store, phones, clock, failover, NoMeter())
        self.holding = Holding(store, self.roster, self.attention, self.outbox, clock)
        self.reminders = Reminders(
            store, self.roster, self.notifier, self.outbox, self.attention, clock
        )
        self.steering = Steering(store, self.attention, self.holding, self.reminders, clock)
        self.ledger = Ledger(self.notifier, clock, random.Random(7), lambda: self.attention.remind)

    def _wake(self) -> None:
        self.outbox.wake()

    def ann(self, name: str = "ann") -> Principal:
        return Principal(name, f"{name}-id", name.capitalize(), f"chat-{name}")

    async def load(self) -> None:
        await self.roster.load()
        await self.outbox.recover()
        await self.attention.load()

    async def attends(self) -> None:
        await self.attention.look()
        await self.reminders.check()
        await self.holding.check()

    async def settles(self) -> None:
        """Until what is due has been sent."""
        await self.clock.sleep(0.5)

    def session(self, name: str) -> Session:
        found = self.roster.get(SessionName(name))
        if found is None:
            number = len(self.roster.all()) + 1
            key = PaneKey(ServerKey(1, 1), PaneId(f"%{number}"), 1000 + number)
            found = replace(session(name), pane=key, fingerprint=None, prompt=None)
        return found

    async def _writes(self, name: str, *effects: Effect) -> None:
        async with self.store.transaction() as tx:
            after = await self.ledger.apply(tx, self.session(name), effects)
        self.roster.publish(after)
        self.outbox.wake()

    async def asks(self, name: str, subject: str = "make") -> PromptRecord:
        epoch = self.session(name).epoch + 1
        self.roster.publish(replace(self.session(name), epoch=epoch))
        prompt = replace(BASH, subject=subject)
        await self._writes(name, OpenPrompt(prompt, Fingerprint(f"{epoch}" * 64), epoch))
        return await self.prompt(name)

    async def prompt(self, name: str) -> PromptRecord:
        id_ = self.session(name).prompt
        async with self.store.snapshot() as tx:
            record = await tx.prompts.get(id_ or PromptId(""))
        assert record is not None
        return record

    async def answers(self, name: str) -> None:
        record = await self.prompt(name)
        await self._writes(name, ClosePrompt(record.id, Happening.LEFT_SCREEN))

    async def tells(self, name: str, what: str) -> None:
        """``done``, ``progress``, ``fails``; anything else needs help."""
        urgency = {"progress": Urgency.PROGRESS, "done": Urgency.DONE}.get(what, Urgency.HELP)
        title = f"{what} {name}"
        quiet = urgency is Urgency.PROGRESS
        notice = Notice(
            NoticeKind.SIGNAL, title, session=name, silent=quiet, failure=what == "fails"
        )
        async with self.store.transaction() as tx:
            key = f"{title}:{self.clock.now().timestamp()}"
            await self.notifier.tell_all(tx, key, notice, urgency)
        self.outbox.wake()

    async def due(self, latest: datetime) -> datetime:
        """When there is something to do again, at most ``latest``."""
        async with self.store.snapshot() as tx:
            held = await tx.held.next_due()
            waiting = await tx.prompts.in_states(frozenset({PromptState.OPEN}))
        times = [held, latest, *(record.remind_at for record in waiting)]
        return min(time for time in times if time is not None)


def _made(folder: Path) -> None:
    folder.mkdir(exist_ok=True)


@asynccontextmanager
async def team(
    folder: Path,
    rules: Rules,
    clock: Clock,
    phones: tuple[Diary, ...],
    machine: Machine | None = None,
) -> AsyncIterator[Team]:
    """Enter again for a restart."""
    _made(folder)
    async with ledger(folder) as store:
        made = Team(store, rules, clock, phones, machine or Machine())
        await made.load()
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(made.outbox.run(phone)) for phone in phones]
            yield made
            for loop in loops:
                loop.cancel()
