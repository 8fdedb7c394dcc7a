"""What agents tell by their hooks: bound to the session in the same pane, and to its prompts.

A question and the dialog on the screen are one prompt. The hook mostly comes first; where no
dialog follows that can be read, the prompt is opened from the hook alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from bot.core.agent import AgentSpec, State
from bot.core.effects import ReportDispute
from bot.core.errors import TerminalUnusable
from bot.core.events import Event, HookLeft, HookTold, HookWaits
from bot.core.hooks import (
    Asked,
    PromptSubmitted,
    SessionBegan,
    SessionFinished,
    Told,
    ToolEnded,
    TurnEnded,
)
from bot.core.ids import PaneId
from bot.core.sessions import Session
from bot.ports.clock import Clock
from bot.ports.hooks import HookCall, HookMessage
from bot.services.advancing import Advancer, Step
from bot.services.hook_calls import HookCalls, LiveCall
from bot.services.looking import Eyes
from bot.services.roster import Roster

log = structlog.get_logger()

DIALOG_WITHIN = 1.5
"""Seconds: Claude Code 2.1.329 draws its dialog 0.2 to 0.3 seconds after it runs the hook."""
TRY_AGAIN = 0.5
KNOWN_WITHIN = 6.0
"""Seconds until a pane that is new has been taken on by a sweep."""

_OVER = TurnEnded | PromptSubmitted | SessionBegan | SessionFinished
"""Whatever was asked before, nothing waits any more."""


class Hooking:
    def __init__(
        self,
        roster: Roster,
        eyes: Eyes,
        advancer: Advancer,
        calls: HookCalls,
        agents: Mapping[str, AgentSpec],
        clock: Clock,
        look_at: Callable[[PaneId], None],
    ) -> None:
        self._roster = roster
        self._eyes = eyes
        self._advancer = advancer
        self._calls = calls
        self._agents = agents
        self._clock = clock
        self._look_at = look_at
        self._newest: dict[str, HookMessage] = {}
        """Of each pane that nobody knows yet."""
        advancer.stepped = self._stepped

    async def recover(self) -> None:
        """Hooks that waited for a gateway that ended are gone."""
        for session in self._roster.live():
            if session.call:
                await self._step(session, HookLeft(self._clock.now(), session.call))

    async def heard(self, call: HookCall) -> None:
        message = call.message
        session = await self._known(call)
        if session is None or not session.watched:
            return
        spec, told = self._read(session, message)
        if told is None or spec is None:
            return
        log.info("hook.heard", session=session.name, told=type(told.event).__name__)
        if isinstance(told.event, Asked):
            if message.waits:
                live = self._calls.add(session.pane, told.event, spec, call)
                await self._answerable(live, session, told, message)
            return
        await self._tell(session, told, message)
        self._look_at(session.pane.pane)

    async def _known(self, call: HookCall) -> Session | None:
        """By pane and server, never by name. An agent tells of its start before its pane is
        known: that is waited for, unless the same pane has told more since."""
        message, until = call.message, self._clock.monotonic() + KNOWN_WITHIN
        self._newest[message.pane] = message
        try:
            while self._newest.get(message.pane) is message or message.waits:
                session = self._roster.by_pane_id(PaneId(message.pane))
                if session is not None and session.pane.server.pid == message.server_pid:
                    return session
                if not call.is_open or self._clock.monotonic() > until:
                    break
                await self._clock.sleep(TRY_AGAIN)
        finally:
            if self._newest.get(message.pane) is message:
                del self._newest[message.pane]
        return None

    def _read(
        self, session: Session, message: HookMessage
    ) -> tuple[AgentSpec | None, Told | None]:
        """The session's own agent reads it; before the first screen, whoever can."""
        own = self._agents.get(session.agent)
        told = own.read_hook(message.event) if own else None
        if told is not None:
            return own, told
        others = (spec for spec in self._agents.values() if spec is not own)
        found = [(spec, told) for spec in others if (told := spec.read_hook(message.event))]
        if len(found) > 1 and isinstance(found[0][1].event, Asked):
            return None, None  # agents with one schema take different answers: its dialog can tell
        return found[0] if found else (None, None)

    async def _tell(self, session: Session, told: Told, message: HookMessage) -> None:
        async with self._roster.lock(session.pane):
            ended = self._ended_by(session, told)
            event = HookTold(self._clock.now(), told, ended, message.agent_pid)
            await self._step(session, event)
        if (over := self._calls.get(ended)) is not None:
            self._calls.settle(over)

    def _ended_by(self, session: Session, told: Told) -> str:
        if isinstance(told.event, ToolEnded):
            return self._calls.ended_by(session.pane, told.event)
        now = self._roster.get(session.name)
        if not isinstance(told.event, _OVER) or told.subagent or now is None:
            return ""
        live = self._calls.get(now.call)
        waits_unseen = now.hooked_only and live is not None and not live.asked.subagent
        return now.call if waits_unseen else ""

    # A question

    async def _answerable(
        self, live: LiveCall, session: Session, told: Told, message: HookMessage
    ) -> None:
        """For as long as the hook waits, and its answer is wanted. Whoever is answering its
        prompt has the pane's lock, and looks for it: it is there before it is told of."""
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(live))
            try:
                await self._tell(session, told, message)
                await self._open(live)
            finally:
                watch.cancel()
                was_let_go = self._calls.get(live.id) is None and live.call.is_open
                self._calls.release(live.id)
        if not was_let_go:
            await self._after(live)

    async def _watch(self, live: LiveCall) -> None:
        await live.call.left()
        live.over.ring()

    async def _open(self, live: LiveCall) -> None:
        setup = live.spec.hooks
        if setup is None or not setup.before_dialog:
            await self._try(live, alone=False)
            if await live.over.wait(DIALOG_WITHIN):
                return
        while not self._is_open_as(live):
            await self._try(live, alone=True)
            if await live.over.wait(TRY_AGAIN):
                return
        await live.over.wait()

    def _is_open_as(self, live: LiveCall) -> bool:
        session = self._roster.on(live.pane)
        return session is not None and session.call == live.id

    async def _try(self, live: LiveCall, *, alone: bool) -> None:
        """With the dialog that stands there; ``alone``: else from the hook."""
        try:
            async with self._roster.lock(live.pane):
                await self._try_locked(live, alone=alone)
        except TerminalUnusable as trouble:
            log.warning("hook.blind", reason=str(trouble))

    async def _try_locked(self, live: LiveCall, *, alone: bool) -> None:
        session = self._roster.on(live.pane)
        if session is None or not live.call.is_open or session.call == live.id:
            return
        look = await self._eyes.settled(live.pane)
        if look is None:
            return
        being_drawn = look.reading.state is State.UNREADABLE and not alone
        if look.fingerprint is not None and not being_drawn:
            observed = self._calls.with_asked(live.pane, self._eyes.observed(look))
            session = await self._step(session, observed)
        if not alone or session.call or self._calls.get(live.id) is None:
            return
        shown = look.reading.prompt if look.fingerprint == session.fingerprint else None
        await self._step(session, HookWaits(self._clock.now(), live.asked, shown))

    async def _after(self, live: LiveCall) -> None:
        """The hook left by itself. Its agent may show a dialog now, which is the same prompt."""
        self._look_at(live.pane.pane)
        await self._clock.sleep(DIALOG_WITHIN)
        session = self._roster.on(live.pane)
        if session is not None and session.call == live.id:
            async with self._roster.lock(live.pane):
                await self._step(session, HookLeft(self._clock.now(), live.id))

    async def _step(self, session: Session, event: Event) -> Session:
        done = await self._advancer.advance({session.name: event})
        return done[0].after if done else session

    def _stepped(self, step: Step) -> None:
        """A prompt that is over needs no hook any more, and one that is disputed must not have
        one: only the dialog itself may be answered."""
        if step.before.call and step.before.call != step.after.call:
            self._calls.drop(step.before.call)
        for effect in step.effects:
            if isinstance(effect, ReportDispute):
                self._calls.drop(effect.asked.call)
