"""Watches every pane: nudges say where to look, a sweep every few seconds catches the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.agent import State
from bot.core.decide import decide
from bot.core.errors import TerminalUnusable
from bot.core.events import Event, Vanished
from bot.core.ids import PaneId, PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.terminal import Nudge, NudgeKind, PaneInfo, Terminal
from bot.services.adoption import Adoption
from bot.services.ledger import Ledger
from bot.services.looking import Eyes, Look
from bot.services.roster import Roster
from bot.services.wake import Bell

log = structlog.get_logger()

UNREADABLE_AFTER = timedelta(seconds=1)
"""A dialog that is being drawn cannot be read for a moment; only one that stays so is told."""

TRY_AGAIN = 1.0
"""Seconds until a tmux that did not answer is asked again."""

KEEP_ACTIVITY = timedelta(seconds=60)
"""How stale ``last_activity`` in the store may be: it is not worth a write each time."""


class Supervisor:
    def __init__(
        self,
        store: Store,
        terminal: Terminal,
        eyes: Eyes,
        roster: Roster,
        ledger: Ledger,
        adoption: Adoption,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._terminal = terminal
        self._eyes = eyes
        self._roster = roster
        self._ledger = ledger
        self._adoption = adoption
        self._clock = clock
        self._changed = changed
        self._dirty: dict[PaneId, None] = {}
        self._sweep_due = True
        self._bell = Bell(clock)
        self._sweeping = asyncio.Lock()
        self._last: dict[PaneKey, tuple[object, ...]] = {}
        self._drawn: dict[PaneKey, int] = {}
        self._heights: dict[PaneKey, int] = {}
        self._unread: dict[PaneKey, datetime] = {}
        self._new: set[PaneKey] = set()
        self._followed: set[PaneKey] = set()
        self._followers: asyncio.TaskGroup | None = None

    def look_at(self, pane: PaneId) -> None:
        self._dirty[pane] = None
        self._bell.ring()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._followers = group
            group.create_task(self._listen())
            group.create_task(self._work())

    async def _listen(self) -> None:
        async for nudge in self._terminal.nudges():
            self._heard(nudge)

    def _heard(self, nudge: Nudge) -> None:
        if nudge.kind is NudgeKind.WROTE and nudge.pane is not None:
            self._dirty[nudge.pane] = None
        else:
            self._sweep_due = True
        self._bell.ring()

    async def _work(self) -> None:
        while True:
            try:
                await self._turn()
            except TerminalUnusable as trouble:
                log.warning("supervisor.blind", reason=str(trouble))
                self._sweep_due = True
                await self._clock.sleep(TRY_AGAIN)
            if not self._sweep_due:
                await self._bell.wait()

    async def _turn(self) -> None:
        if self._sweep_due:
            self._sweep_due = False
            await self._sweep_all()
        sessions = self._take_dirty()
        if sessions and await self._look_all(sessions):
            self._sweep_due = True

    def _take_dirty(self) -> list[Session]:
        """Panes to look at now; one that is being followed has to wait for that."""
        due = [pane for pane in self._dirty if not self._is_followed(pane)]
        for pane in due:
            del self._dirty[pane]
        found = (self._roster.by_pane_id(pane) for pane in due)
        return [session for session in found if session is not None and session.watched]

    def _is_followed(self, pane: PaneId) -> bool:
        return any(key.pane == pane for key in self._followed)

    async def sweep(self) -> None:
        """Lists all panes: what came is taken on, what went is closed, every screen is read."""
        try:
            await self._sweep_all()
        except TerminalUnusable as trouble:
            log.warning("supervisor.blind", reason=str(trouble))

    async def _sweep_all(self) -> None:
        async with self._sweeping:
            panes = await self._terminal.panes()
            await self._part_with_gone(panes)
            for info in panes:
                await self._take_on(info)
            watched = [session for session in self._roster.live() if session.watched]
            await self._look_all(watched)

    async def _part_with_gone(self, panes: Sequence[PaneInfo]) -> None:
        there = {info.key for info in panes if not info.dead}
        dead = {info.key for info in panes if info.dead}
        for session in self._roster.live():
            if session.pane in there:
                continue
            reason = "its program has ended" if session.pane in dead else "its pane is gone"
            async with self._roster.lock(session.pane):
                await self._advance(session.name, Vanished(self._clock.now(), reason))
            for known in (self._last, self._drawn, self._heights, self._unread):
                known.pop(session.pane, None)
            self._roster.forget_lock(session.pane)

    async def _take_on(self, info: PaneInfo) -> None:
        """What a pane said while it was lost sight of is news; what was there before is none."""
        known = self._roster.on(info.key) is not None
        session = await self._adoption.consider(info)
        if session is not None and not known:
            self._new.add(session.pane)

    async def _look_all(self, sessions: Sequence[Session]) -> bool:
        """Whether one of these panes is not there any more."""
        screens = await self._terminal.capture([session.pane for session in sessions])
        for before in sessions:
            screen = screens.get(before.pane.pane)
            # What is known of it may have changed while tmux was asked.
            session = self._roster.on(before.pane)
            if screen is None or session is None or session.pane in self._followed:
                continue
            look = await self._eyes.whole(session.pane, self._eyes.read(screen))
            if look is None:
                continue
            if self._is_news(session, look):
                self._begin_to_follow(session, look)
            else:
                await self._touch(session, look)
        return any(session.pane.pane not in screens for session in sessions)

    def _begin_to_follow(self, session: Session, look: Look) -> None:
        """Beside the others: a pane whose keys are being pressed must not hold them up."""
        if self._followers is None or session.pane in self._followed:
            self._dirty[session.pane.pane] = None
            return
        self._followed.add(session.pane)
        self._followers.create_task(self._follow(session, look))

    def _is_news(self, session: Session, look: Look) -> bool:
        known = (session.state, session.fingerprint)
        seen = (look.reading.state, look.fingerprint)
        return known != seen or self._last.get(session.pane) != look.essence

    async def _touch(self, session: Session, look: Look) -> None:
        """What was drawn changes no state: note when, and what it says it does."""
        now, drawn = self._clock.now(), hash(look.screen.rows)
        if self._drawn.get(session.pane) == drawn:
            return
        self._drawn[session.pane] = drawn
        activity = look.reading.activity
        self._roster.publish(replace(session, last_activity=now, activity=activity))
        if now - session.last_activity > KEEP_ACTIVITY:
            # Written as it is by then: what others publish meanwhile is kept.
            await self._roster.change(session.name)

    async def _follow(self, session: Session, first: Look) -> None:
        try:
            async with self._roster.lock(session.pane):
                await self._follow_locked(session, first)
        except TerminalUnusable as trouble:
            log.warning("supervisor.blind", reason=str(trouble))
        finally:
            self._followed.discard(session.pane)
        if session.pane.pane in self._dirty or self._sweep_due:
            self._bell.ring()

    async def _follow_locked(self, session: Session, first: Look) -> None:
        look = await self._eyes.settled(session.pane, first)
        if look is None:
            self._sweep_due = True
        elif not self._too_early(session, look):
            new = session.pane in self._new
            height = look.screen.pane.height
            resized = self._heights.get(session.pane, height) != height
            seen = self._eyes.observed(look, first=new, resized=resized)
            await self._advance(session.name, seen)
            self._heights[session.pane] = height
            self._new.discard(session.pane)
            self._last[session.pane] = look.essence
            self._drawn[session.pane] = hash(look.screen.rows)

    def _too_early(self, session: Session, look: Look) -> bool:
        if look.reading.state is not State.UNREADABLE:
            self._unread.pop(session.pane, None)
            return False
        now = self._clock.now()
        since = self._unread.setdefault(session.pane, now)
        return now - since < UNREADABLE_AFTER

    async def _advance(self, name: SessionName, event: Event) -> None:
        """Decides and commits. The caller holds the pane's lock."""
        async with self._store.transaction() as tx:
            # Within the transaction: nobody else changes the session from here on.
            session = self._roster.get(name)
            if session is None or session.phase is Phase.ENDED:
                return
            after, effects = decide(session, event)
            after = replace(after, last_activity=event.at)
            after = await self._ledger.apply(tx, after, effects)
        self._roster.publish(after)
        self._changed()
        if effects:
            log.info("session.changed", session=name, state=after.state.value)
