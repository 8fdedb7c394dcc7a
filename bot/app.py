"""The composition root: settings to adapters to services, and everything in one TaskGroup."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version

import structlog
from starlette.types import ASGIApp

from bot.adapters.accounts import DiskAccounts
from bot.adapters.clock import SystemClock
from bot.adapters.git import Git
from bot.adapters.hook_command import hook_command
from bot.adapters.hooks import HookSocket
from bot.adapters.logs import configure, secrets_in
from bot.adapters.metrics import Prometheus
from bot.adapters.painting import ThreadPainter
from bot.adapters.scheduler import ApScheduler
from bot.adapters.shelf import DiskShelf
from bot.adapters.statedir import StateDir
from bot.adapters.store.chatlog import SqlChatLog
from bot.adapters.store.store import SqlStore
from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.keyboard import TmuxKeyboard
from bot.adapters.tmux.presence import TmuxPresence
from bot.adapters.tmux.server import TmuxServer
from bot.adapters.tmux.spawner import TmuxSpawner
from bot.adapters.tmux.terminal import TmuxTerminal
from bot.adapters.trials import DiskTrials
from bot.channels import ChannelContext, ChannelSpec, CommandHint
from bot.channels.local import LocalPhone
from bot.core.agent import AgentSpec
from bot.core.concerns import Limits
from bot.core.errors import TerminalUnusable
from bot.core.places import HOOK_SOCKET, SOCKET
from bot.core.reading import Reader
from bot.core.titles import Titles
from bot.ports.channel import Channel
from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.webhook import Webhooked
from bot.registry import leaves
from bot.services.adoption import WatchRule
from bot.services.commands import Command
from bot.services.doorkeeping import Doorkeeping
from bot.services.gateway import Services
from bot.services.measuring import CountedKeyboard
from bot.services.memory import StoredMemory
from bot.services.mistakes import Mistakes
from bot.services.outfit import Plan, Ports
from bot.services.pairing import expected_on
from bot.settings import Settings, loose_files, refuse_nobody, refuse_strange_rungs
from bot.web.application import build
from bot.web.deps import Deps
from bot.web.guard import Access
from bot.web.login import Links, address
from bot.web.serving import LocalSocket, listen, listen_local, serve

log = structlog.get_logger()

FILES = "files"
TRIES = (sys.executable, "-m", "bot.commands.deep")
"""Tries an agent out, in a process of its own."""
FIRST_LOOK = 5.0
"""Seconds at most until a person is told that the gateway runs: one that says so sees all."""


@dataclass(frozen=True, slots=True)
class Tmux:
    """Everything that speaks to one tmux server."""

    server: TmuxServer
    client: ControlClient
    terminal: TmuxTerminal
    keyboard: TmuxKeyboard
    spawner: TmuxSpawner

    @classmethod
    def of(cls, settings: Settings, clock: SystemClock) -> Tmux:
        named = TmuxServer(settings.tmux.socket_name, settings.tmux.socket_path)
        chosen = settings.tmux.socket_name or settings.tmux.socket_path
        server = named if chosen else TmuxServer.of_environment()
        client = ControlClient(server, clock)
        return cls(
            server,
            client,
            TmuxTerminal(client, clock),
            TmuxKeyboard(client),
            TmuxSpawner(server, clock),
        )


def agents() -> dict[str, AgentSpec]:
    found: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
    return {spec.id: spec for spec in found.values()}


def _wanted(settings: Settings) -> Collection[ChannelSpec]:
    """What the settings ask for; the others' libraries are not even loaded."""
    specs: dict[str, ChannelSpec] = leaves("bot.channels", "CHANNEL", settings.wants)
    return specs.values()


def plan(settings: Settings, known: dict[str, AgentSpec]) -> Plan:
    return Plan(
        agents=known,
        reader=Reader(tuple(known.values()), Mistakes().note),
        commands=tuple(leaves("handlers", "COMMAND").values()),
        titles=Titles(
            {spec.id: spec.title for spec in _wanted(settings) if spec.title},
            {spec.id: spec.called for spec in _wanted(settings) if spec.called},
        ),
        watch=WatchRule(settings.monitor.watch, settings.monitor.ignore, tuple(known.values())),
        agent_command=settings.agent.command,
        hook_command=hook_command(settings.state_dir) if settings.agent.hooks else "",
        poll_interval=settings.monitor.poll_interval,
        attention=settings.attention.rules(settings.monitor.reminder_interval),
        signal_tags=settings.agent.signal_tags,
        keep=timedelta(days=settings.keep_days),
        limits=Limits(
            timedelta(seconds=settings.monitor.stuck_after),
            timedelta(seconds=settings.monitor.idle_after),
        ),
        version=version("tmux-wingman"),
        rng=random.SystemRandom(),
    )


def context_for(
    channel: str,
    settings: Settings,
    store: Store,
    chat: ChatLog,
    clock: Clock,
    commands: Sequence[Command],
) -> ChannelContext:
    """What a channel is built from; its memory is its own."""
    memory = StoredMemory(store, f"channel:{channel}")
    hints = tuple(CommandHint(command.name, command.summary) for command in commands)
    return ChannelContext(settings, chat, clock, memory, hints)


def channels(
    settings: Settings, store: Store, chat: ChatLog, clock: Clock, commands: Sequence[Command]
) -> tuple[Channel, ...]:
    """Every channel that is configured."""
    built = (
        spec.build(context_for(spec.id, settings, store, chat, clock, commands))
        for spec in _wanted(settings)
    )
    return tuple(channel for channel in built if channel is not None)


async def run(
    settings: Settings,
    announce: Callable[[str], None],
    seconds: float | None = None,
    *,
    verbose: bool = False,
    heeds: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM),
) -> None:
    """The gateway until one of the signals comes or ``seconds`` are over. Raises WingmanError.

    ``announce`` gets the lines for the person who started it, the phone's link first."""
    configure(verbose=verbose)
    for path in loose_files():
        log.warning("settings.loose_file", file=str(path), cure=f"chmod 600 {path}")
    clock = SystemClock()
    stopped = _stopped_by(heeds)  # before there is anything that has to end in order
    tmux = Tmux.of(settings, clock)
    await tmux.server.check()
    async with _ledger(settings) as (state, store):
        refuse_strange_rungs(settings, [spec.id for spec in _wanted(settings)])
        refuse_nobody(settings, await expected_on(store, clock.now()))
        gateway = _Gateway(settings, clock, tmux, state, store)
        configure(verbose=verbose, secrets=(gateway.token, *secrets_in(settings)))
        async with gateway.doors() as doors:
            _be_prompt()
            await gateway.run(doors, announce, seconds, stopped)


def _programs() -> dict[str, str]:
    """Agent id to what is looked for on PATH."""
    return {spec.id: spec.launch[0] for spec in agents().values() if spec.launch}


def _be_prompt() -> None:
    """What was loaded so far is never garbage: without it a full collection takes 2 ms instead
    of 100. And the database's threads get their turn within half a millisecond, not five."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(0.0005)


@asynccontextmanager
async def _ledger(settings: Settings) -> AsyncIterator[tuple[StateDir, SqlStore]]:
    """The state directory, ours alone, and the open database."""
    with StateDir.claim(settings.state_dir) as state:
        store = await SqlStore.open(settings.database)
        try:
            yield state, store
        finally:
            await store.close()


@dataclass(frozen=True, slots=True)
class _Doors:
    tcp: socket.socket
    local: socket.socket
    web: ASGIApp
    deps: Deps


class _Gateway:
    def __init__(
        self,
        settings: Settings,
        clock: SystemClock,
        tmux: Tmux,
        state: StateDir,
        store: SqlStore,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._tmux = tmux
        self._state = state
        self._chat = SqlChatLog(store, clock)
        self._meter = Prometheus()
        given = settings.web.token
        self.token = given.get_secret_value() if given else state.generated_secret("web-token")
        self._plan = plan(settings, agents())
        self._channels = channels(settings, store, self._chat, clock, self._plan.commands)
        ports = Ports(
            store=store,
            terminal=tmux.terminal,
            keyboard=CountedKeyboard(tmux.keyboard, self._meter),
            spawner=tmux.spawner,
            scheduler=ApScheduler(),
            clock=clock,
            channels=self._channels,
            shelf=DiskShelf(state.path / FILES),
            chat=self._chat,
            painter=ThreadPainter(),
            presence=TmuxPresence(tmux.client),
            workspace=Git(),
            meter=self._meter,
            accounts=DiskAccounts(),
            trials=DiskTrials(
                state.path, _programs(), TRIES if settings.agent.prove_again else (), clock
            ),
            hooks=HookSocket(partial(listen_local, state.path / HOOK_SOCKET), clock),
        )
        self._services = Services(ports, self._plan)
        self._doorkeeping = Doorkeeping(store, clock)

    @asynccontextmanager
    async def doors(self) -> AsyncIterator[_Doors]:
        """The sockets are taken before anything else is begun: a taken port changes nothing."""
        web = self._settings.web
        with contextlib.ExitStack() as opened:
            tcp = opened.enter_context(listen(web.host, web.port))
            path = self._state.path / SOCKET
            local = opened.enter_context(listen_local(path))
            opened.callback(path.unlink, missing_ok=True)
            port = tcp.getsockname()[1]
            access = Access.to(self.token, web.host, port, web.public_url or "")
            phone = next(c for c in self._channels if isinstance(c, LocalPhone))
            posted = (c.webhooks for c in self._channels if isinstance(c, Webhooked))
            deps = Deps(
                phone,
                self._chat,
                self._services.surface,
                self._clock,
                access,
                Links(self._clock),
                tuple(self._doorkeeping.over(hook) for hooks in posted for hook in hooks),
                self._meter.text,
            )
            yield _Doors(tcp, local, build(deps), deps)

    async def run(
        self,
        doors: _Doors,
        announce: Callable[[str], None],
        seconds: float | None,
        stopped: asyncio.Event,
    ) -> None:
        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(self._tmux.client.run())]
            await self._services.recover()
            closing = doors.deps.closing
            parts += [
                group.create_task(part)
                for part in (
                    self._services.run(),
                    serve(doors.web, doors.tcp, closing),
                    serve(LocalSocket(doors.web), doors.local, closing),
                )
            ]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_LOOK):
                    await self._services.supervisor.begun.wait()
            if not stopped.is_set():
                await self._greet(doors.deps, announce)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await stopped.wait()
            for part in reversed(parts):
                part.cancel()

    async def _greet(self, deps: Deps, announce: Callable[[str], None]) -> None:
        announce(address(deps.access.url, deps.links.make()))
        announce("Open that link once in your browser: it is your local phone. Ctrl-C ends.")
        if len(self._channels) == 1 and not await self._sees_an_agent():
            announce("No agent runs in tmux yet, and no chat is set up. Try: wingman demo")

    async def _sees_an_agent(self) -> bool:
        try:
            panes = await self._tmux.terminal.panes()
        except TerminalUnusable:
            return False
        return any(map(self._plan.watch.runs_agent, panes))


def _stopped_by(heeds: Sequence[signal.Signals]) -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in heeds:
        loop.add_signal_handler(number, stopped.set)
    return stopped
