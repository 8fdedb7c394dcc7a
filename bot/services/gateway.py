"""All services of one gateway, wired to the ports it is given, and what it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

import structlog

from bot.core.ids import PaneId
from bot.ports.standing import Standing
from bot.services.adoption import Adoption
from bot.services.advancing import Advancer
from bot.services.aftermath import Aftermath
from bot.services.alarms import Alarms
from bot.services.approvals import Approvals
from bot.services.attention import Attention
from bot.services.commands import Gateway
from bot.services.dispatch import Dispatch
from bot.services.failover import Failover
from bot.services.files import FileDesk
from bot.services.gate import Gate
from bot.services.holding import Holding
from bot.services.hook_answers import Carrier
from bot.services.hook_calls import HookCalls, tells_beside
from bot.services.hooking import Hooking
from bot.services.inbox import Inbox
from bot.services.launching import Launcher
from bot.services.ledger import Ledger
from bot.services.live import LiveCards
from bot.services.looking import Eyes
from bot.services.measuring import measure_queues
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.outfit import Plan, Ports
from bot.services.pairing import Pairing
from bot.services.people import People
from bot.services.pressing import Presser
from bot.services.prompting import Prompting
from bot.services.proving import Proving
from bot.services.recalling import Recalling
from bot.services.receipts import Receipts
from bot.services.recovery import Recovery
from bot.services.reminders import Reminders
from bot.services.roster import Roster
from bot.services.rounds import Rounds
from bot.services.sessions import SessionService
from bot.services.starting import Starting
from bot.services.steering import Steering
from bot.services.supervisor import Supervisor
from bot.services.surface import Changes, OwnersSurface
from bot.services.upkeep import Upkeep
from bot.services.watchdog import Watchdog
from bot.services.witnessing import Witnessing

log = structlog.get_logger()


class Services:
    def __init__(self, ports: Ports, plan: Plan) -> None:
        self._ports = ports
        self._plan = plan
        clock, store = ports.clock, ports.store
        self.changes = Changes()
        self.roster = Roster(store)
        self.people = People(store)
        self.gate = Gate(ports.channels, self.people.on)
        self.attention = Attention(
            store,
            ports.channels,
            self.roster,
            ports.presence,
            clock,
            plan.attention,
            self.people.on,
        )
        self.notifier = Notifier(ports.channels, clock, self.people.on, self.attention)
        self.pairing = Pairing(store, self.people, self.gate, self.notifier, clock, plan.titles)
        self.alarms = Alarms(store, self.notifier, clock)
        self._build_sending()
        self.eyes = Eyes(
            ports.terminal, plan.reader, clock, plan.agents, self.roster.anchor_of, ports.meter
        )
        self.aftermath = Aftermath(store, ports.workspace, self.notifier, self.outbox, clock)
        self.ledger = Ledger(
            self.notifier,
            clock,
            plan.rng,
            lambda: self.attention.remind,
            ports.spawner.attach_command,
            self.aftermath.finished,
        )
        self.upkeep = Upkeep(store, ports.chat, ports.shelf, clock, plan.keep)
        self.adoption = Adoption(store, self.roster, plan.watch, clock, self.eyes.claimed)
        self._build_attention()
        self._build_acting()
        self._build_sessions()
        self._build_talking()
        self._build_watching()

    def _build_sending(self) -> None:
        ports, titles = self._ports, self._plan.titles
        store, clock = ports.store, ports.clock
        self.receipts = Receipts(
            store, ports.channels, self.notifier, self.alarms, self._wake_outbox, clock, titles
        )
        failover = Failover(store, self.notifier, self.alarms, self.receipts, clock, titles)
        self.outbox = Outbox(store, ports.channels, clock, failover, ports.meter)
        self.notifier.post = self.outbox.post

    def _build_attention(self) -> None:
        store, clock = self._ports.store, self._ports.clock
        self.holding = Holding(store, self.roster, self.attention, self.outbox, clock)
        self.reminders = Reminders(
            store, self.roster, self.notifier, self.outbox, self.attention, clock
        )
        self.steering = Steering(
            store, self.attention, self.holding, self.reminders, clock, self._plan.titles
        )

    def _build_acting(self) -> None:
        ports = self._ports
        store, clock = ports.store, ports.clock
        agents = self._plan.agents
        self.proving = Proving(
            store, ports.trials, self.roster, self.notifier, clock, agents, self._plan.version
        )
        presser = Presser(store, ports.keyboard, self.eyes, self.ledger, clock, agents)
        self._calls = HookCalls(clock, lambda pane: tells_beside(self.roster.on(pane), agents))
        self._recalling = Recalling(ports.accounts, self.roster, self._calls, agents)
        carrier = Carrier(
            store,
            self._calls,
            presser,
            self.eyes,
            self.ledger,
            clock,
            self.proving.doubt,
            self._recalling.objection,
        )
        self.prompting = Prompting(
            store,
            ports.keyboard,
            self.eyes,
            self.roster,
            ports.accounts,
            ports.presence,
            self.notifier,
            clock,
            agents,
            self.changed,
        )
        self.approvals = Approvals(
            store,
            self.roster,
            self.ledger,
            carrier,
            clock,
            self.look_at,
            self.changed,
            self.prompting.tell,
            self._plan.titles,
        )
        self.recovery = Recovery(
            store, ports.keyboard, self.roster, self.ledger, carrier, self.approvals, clock
        )

    def _build_sessions(self) -> None:
        ports, plan = self._ports, self._plan
        store, clock = ports.store, ports.clock
        self.sessions = SessionService(
            store,
            ports.keyboard,
            ports.spawner,
            ports.terminal,
            self.eyes,
            self.roster,
            self.adoption,
            clock,
            plan.agents,
            Launcher(plan.agents, plan.agent_command, plan.hook_command, plan.signal_tags),
            self.look_at,
        )
        advancer = Advancer(store, self.roster, self.ledger, self.stepped, self.aftermath.begun)
        self.supervisor = Supervisor(
            ports.terminal,
            self.eyes,
            self.roster,
            advancer,
            self._recalling,
            self.adoption,
            clock,
            ports.meter,
        )
        self.hooking = Hooking(
            self.roster, self.eyes, advancer, self._calls, plan.agents, clock, self.look_at
        )

    def _build_talking(self) -> None:
        ports, plan = self._ports, self._plan
        starting = Starting(ports.store, self.roster, self.sessions, self.prompting)
        self.gateway = Gateway(
            approvals=self.approvals,
            sessions=self.sessions,
            starting=starting,
            prompting=self.prompting,
            roster=self.roster,
            eyes=self.eyes,
            steering=self.steering,
            files=FileDesk(ports.store, ports.channels, ports.shelf, ports.clock),
            painter=ports.painter,
            workspace=ports.workspace,
            clock=ports.clock,
            version=plan.version,
            commands=plan.commands,
            tips={channel.id: channel.capabilities.tip for channel in ports.channels},
            standing=self._standing,
        )
        self.dispatch = Dispatch(self.gateway)
        self.live = LiveCards(
            ports.store,
            ports.channels,
            self.roster,
            self.notifier,
            self._wake_outbox,
            ports.clock,
            self._standing,
        )
        self.inbox = Inbox(
            ports.store,
            ports.channels,
            self.gate,
            self.pairing,
            self.dispatch,
            self.notifier,
            self.outbox,
            self.live,
            ports.clock,
        )

    def _build_watching(self) -> None:
        ports, plan = self._ports, self._plan
        self.witnessing = Witnessing(
            ports.store, ports.accounts, self.roster, self.notifier, ports.clock
        )
        self.watchdog = Watchdog(
            ports.store, self.roster, self.notifier, self.outbox, ports.clock, plan.limits
        )
        self.surface = OwnersSurface(
            self.gateway,
            self.dispatch,
            self.gate,
            self.pairing,
            [channel.id for channel in ports.channels],
            self.changes,
            self.look_at,
            lambda: self.supervisor.readiness.problem,
        )

    def _standing(self) -> tuple[str, ...]:
        of_it = (channel for channel in self._ports.channels if isinstance(channel, Standing))
        return tuple(line for channel in of_it for line in channel.standing())

    def look_at(self, pane: PaneId) -> None:
        self.supervisor.look_at(pane)

    def _wake_outbox(self) -> None:
        self.outbox.wake()

    def changed(self) -> None:
        """Rows may have been written: whoever waits for them looks again."""
        self.outbox.wake()
        self.stepped()

    def stepped(self) -> None:
        """A session is another than it was. What is told of that has been posted."""
        self.prompting.bell.ring()
        self.changes.ring()

    async def recover(self) -> None:
        """Before anything is received or looked at."""
        self.receipts.listen()
        await self.people.load()
        await self.roster.load()
        await self.attention.load()
        await self.proving.load()
        await self.outbox.recover()
        await self.inbox.recover()
        # Texts first: their markers are there until the next key goes into the same pane.
        await self.prompting.recover()
        await self.hooking.recover()
        unfinished = await self.recovery.run()
        if unfinished:
            log.warning("recovery.done", decisions=unfinished)

    async def run(self) -> None:
        """Until cancelled. A loop that fails ends the program: the store knows what was on."""
        scheduler = self._ports.scheduler
        self._rounds().plan(scheduler, self._plan.poll_interval)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                for loop in self._loops():
                    group.create_task(loop)
        finally:
            scheduler.stop()

    def _rounds(self) -> Rounds:
        ports = self._ports
        return Rounds(
            self.supervisor,
            self.watchdog,
            self.witnessing,
            self.recovery,
            self.attention,
            self.reminders,
            self.holding,
            self.sessions,
            self.approvals,
            self.upkeep,
            partial(measure_queues, ports.store, ports.channels, ports.clock, ports.meter),
            self.changed,
        )

    def _loops(self) -> list[Coroutine[Any, Any, None]]:
        loops = [
            self.supervisor.run(),
            self.inbox.run(),
            self.prompting.run(),
            self.live.run(),
            self.aftermath.run(),
            self.proving.run(),
        ]
        loops.append(self._ports.hooks.run(self.hooking.heard))
        for channel in self._ports.channels:
            alarm = self.alarms.of(channel.id)
            loops += [self.outbox.run(channel), channel.run(self.inbox.accept, alarm)]
        return loops
