"""Starting, stopping and interrupting sessions."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog

from bot.core.agent import AgentSpec, Composer, State
from bot.core.decisions import Principal
from bot.core.errors import NotFound, Refused
from bot.core.ids import EventId, PaneId, PaneKey, PressId, SessionName
from bot.core.lifecycle import Phase
from bot.core.press import ANY, Guard, Outcome, Press, PressResult, Refusal
from bot.core.screen import Screen
from bot.core.sessions import Origin, Session
from bot.core.stages import Stage, stepped
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.spawner import Launch, Spawner
from bot.ports.store import Store
from bot.ports.terminal import Terminal
from bot.services.adoption import Adoption
from bot.services.launching import Launcher, StartRequest
from bot.services.looking import Eyes, Look
from bot.services.roster import Roster

log = structlog.get_logger()

WIDTH, HEIGHT = 160, 100
"""Wide and tall, so that few dialogs are clipped; a person who attaches gets his own size."""
READY_WITHIN = 45.0
LOOK_EVERY = 0.1
KEY_WITHIN = 5
SPINNER_TRIES = 5
"""The working line changes with each turn of its spinner, and tmux then refuses the key."""
REACTS_WITHIN = 2.0
"""Seconds for an agent to stop, or to say that it wants the interrupt key again."""
FORGET_AFTER = timedelta(hours=24)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


class SessionService:
    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        spawner: Spawner,
        terminal: Terminal,
        eyes: Eyes,
        roster: Roster,
        adoption: Adoption,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
        launcher: Launcher,
        look_at: Callable[[PaneId], None],
    ) -> None:
        self._store = store
        self._keyboard = keyboard
        self._spawner = spawner
        self._terminal = terminal
        self._eyes = eyes
        self._roster = roster
        self._adoption = adoption
        self._clock = clock
        self._agents = agents
        self._launcher = launcher
        self._look_at = look_at

    async def start(self, request: StartRequest, principal: Principal, event: EventId) -> Session:
        """The session, its agent launched (not yet ready). Raises Refused."""
        if not _NAME.fullmatch(request.name):
            raise Refused(
                f"'{request.name}' can't be a session's name: letters, digits, - and _, at most 64"
            )
        there = self._roster.get(SessionName(request.name))
        if there is not None and there.phase is not Phase.ENDED:
            raise Refused(f"session '{request.name}' is there already")
        if self._launcher.tags and not request.tag:
            request = replace(request, tag=secrets.token_hex(2))
        argv = self._launcher.argv(request)
        launch = Launch(request.name, _directory(request.directory), argv, WIDTH, HEIGHT)
        with self._adoption.expecting(request.name):
            pane = await self._spawner.spawn(launch)
            session = replace(self._new_session(launch, pane, event), tag=request.tag)
            async with self._store.transaction() as tx:
                await self._roster.put(tx, session)
                facts = {"directory": launch.directory, "command": argv[0], "pane": pane.pane}
                await tx.audit.append(
                    session.started_at, principal.id, "session.started", session.name, facts
                )
            self._roster.publish(session)
        self._look_at(pane.pane)
        return session

    def _new_session(self, launch: Launch, pane: PaneKey, event: EventId) -> Session:
        now = self._clock.now()
        return Session(
            name=SessionName(launch.name),
            pane=pane,
            tmux_session=launch.name,
            directory=launch.directory,
            origin=Origin.STARTED,
            started_at=now,
            last_activity=now,
            state_since=now,
            phase=Phase.STARTING,
            history=stepped((), Stage.SPAWNED, "started", now),
            started_by=event,
        )

    def can_resume(self, session: Session) -> bool:
        """Whether the conversation that it had can be gone on with."""
        return self._launcher.resumes(session.agent, session.conversation)

    async def wait_ready(self, session: Session) -> Look | None:
        """Until the agent is at its composer, or asks something, or ended (None)."""
        until = self._clock.monotonic() + READY_WITHIN
        look = None
        while self._clock.monotonic() < until:
            look = await self._eyes.look(session.pane)
            if look is None or look.reading.state is State.DEAD:
                return None
            at_composer = look.reading.composer is Composer.EMPTY
            if look.reading.prompt is not None or at_composer:
                return await self._eyes.settled(session.pane, look)
            await self._clock.sleep(LOOK_EVERY)
        return look

    async def stop(self, session: Session, principal: Principal) -> None:
        """Ends the tmux session. Raises NotFound when it is gone already."""
        killed = await self._spawner.kill(session.pane)
        async with self._store.transaction() as tx:
            await tx.audit.append(
                self._clock.now(), principal.id, "session.stopped", session.name, {"was": killed}
            )
        self._look_at(session.pane.pane)
        if not killed:
            raise NotFound(f"session '{session.name}' was gone already")

    async def interrupt(self, session: Session, principal: Principal, event: EventId) -> None:
        """The interrupt key, only while the agent's working line stands there. Raises Refused."""
        spec = self._agents.get(session.agent)
        if spec is None:
            raise Refused(f"I don't know which agent runs in session '{session.name}'")
        press = f"interrupt-{hashlib.sha256(event.encode()).hexdigest()[:32]}"
        async with self._roster.lock(session.pane):
            await self._interrupt_once(session, spec, PressId(press))
            if await self._wants_it_again(session, spec):
                await self._interrupt_once(session, spec, PressId(f"{press}-again"))
        async with self._store.transaction() as tx:
            await tx.audit.append(
                self._clock.now(), principal.id, "session.interrupted", session.name, {}
            )

    async def _interrupt_once(self, session: Session, spec: AgentSpec, press: PressId) -> None:
        result = await self._press_interrupt(session, spec, press)
        for _ in range(SPINNER_TRIES):
            if result.refusal is Refusal.SCREEN_CHANGED:
                result = await self._press_interrupt(session, spec, press)
        if result.outcome is Outcome.UNKNOWN:
            raise Refused("not known whether it was interrupted: tmux did not answer")
        # The same event after a restart: its key is in already.
        if result.outcome is Outcome.REFUSED and result.refusal is not Refusal.ALREADY_PRESSED:
            raise Refused(f"not interrupted: {result.refusal}")

    async def _wants_it_again(self, session: Session, spec: AgentSpec) -> bool:
        """False when it stopped at the first key; raises Refused when it did neither."""
        until = self._clock.monotonic() + REACTS_WITHIN
        while spec.again_line and self._clock.monotonic() < until:
            look = await self._eyes.look(session.pane)
            if look is None or look.reading.state is not State.WORKING:
                return False
            bottom = " ".join(" ".join(look.screen.trimmed()[-spec.busy_rows :]).split())
            if re.search(spec.again_line, bottom):
                return True
            await self._clock.sleep(LOOK_EVERY)
        if spec.again_line:
            raise Refused("the interrupt key was pressed, but the agent goes on")
        return False

    async def _press_interrupt(
        self, session: Session, spec: AgentSpec, press: PressId
    ) -> PressResult:
        look = await self._eyes.look(session.pane)
        if look is None:
            raise Refused("its pane is gone")
        bottom = look.screen.trimmed()[-spec.busy_rows :]
        rows = [row for row in bottom if re.search(spec.busy_line, row)]
        if look.reading.state is not State.WORKING or not rows:
            raise Refused(f"session '{session.name}' is not working, nothing to interrupt")
        deadline = int(self._clock.now().timestamp()) + KEY_WITHIN
        busy = rows[-1].translate(dict.fromkeys(map(ord, spec.spinner), ANY))
        guard = Guard(press, session.pane, deadline, (busy,))
        return await self._keyboard.press(Press(guard, spec.keys.interrupt))

    async def tail(self, session: Session, lines: int) -> tuple[str, ...]:
        """The last rows that hold anything, scrollback included. Raises NotFound."""
        screens = await self._terminal.capture([session.pane], history=lines)
        screen = screens.get(session.pane.pane)
        if screen is None:
            raise NotFound(f"the pane of session '{session.name}' is gone")
        return screen.trimmed()[-lines:]

    async def screen(self, session: Session) -> Screen:
        """What is on it now, in colours. Raises NotFound."""
        screens = await self._terminal.capture([session.pane], ansi=True)
        screen = screens.get(session.pane.pane)
        if screen is None:
            raise NotFound(f"the pane of session '{session.name}' is gone")
        return screen

    async def watch(self, session: Session, *, watched: bool) -> None:
        await self._roster.change(session.name, lambda now: replace(now, watched=watched))
        self._look_at(session.pane.pane)

    async def forget_ended(self) -> Sequence[SessionName]:
        """Takes sessions off the list that ended a day ago."""
        limit = self._clock.now() - FORGET_AFTER
        old = [
            session.name
            for session in self._roster.all()
            if session.phase is Phase.ENDED and session.state_since < limit
        ]
        if old:
            async with self._store.transaction() as tx:
                for name in old:
                    await self._roster.drop(tx, name)
        return old

    def attach_command(self, session: Session) -> str:
        return self._spawner.attach_command(session.tmux_session)


def _directory(given: str) -> str:
    """Absolute; a relative one is below the home directory, where a phone has no other place."""
    path = Path.home() / Path(given).expanduser()
    if not path.is_dir():
        raise Refused(f"there is no directory {path}")
    return str(path.resolve())
