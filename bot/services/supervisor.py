"""Watches every pane: nudges say where to look, a sweep every few seconds catches the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from bot.core.concerns import SERVER_GONE
from bot.core.errors import TerminalUnusable
from bot.core.events import Vanished
from bot.core.ids import PaneId, PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.core.vitals import updated
from bot.ports.clock import Clock
from bot.ports.meter import Meter
from bot.ports.terminal import Nudge, NudgeKind, PaneInfo, Terminal
from bot.services.adoption import Adoption
from bot.services.advancing import Advancer
from bot.services.looking import AHEAD, FEW, SETTLE, Eyes, Look, read_to
from bot.services.newcomers import Newcomers
from bot.services.preview import Preview, tells_of
from bot.services.readiness import Readiness
from bot.services.recalling import TRY_AGAIN as TRY_TO_RECALL
from bot.services.recalling import Recalling
from bot.services.roster import Roster
from bot.services.sightings import Sightings
from bot.services.wake import Bell

log = structlog.get_logger()

UNREADABLE_AFTER = timedelta(seconds=1)
"""A dialog that is being drawn cannot be read for a moment, or not to its end; only one that
stays so is told."""

TRY_AGAIN = 1.0
"""Seconds until a tmux that did not answer is asked again."""

OFTEN = timedelta(seconds=1)
"""A spinner turns nine times a second: what is not news is noted less often."""

KEEP_ACTIVITY = timedelta(seconds=60)
"""How stale ``last_activity`` in the store may be: it is not worth a write each time."""

TOGETHER = 25
"""New panes that are written in one transaction: it keeps others waiting for some 10 ms."""


class _Found(NamedTuple):
    gone: bool
    """One of these panes is not there any more."""
    missed: int
    """How many had something new that no nudge has told of meanwhile."""


class Supervisor:
    def __init__(
        self,
        terminal: Terminal,
        eyes: Eyes,
        roster: Roster,
        advancer: Advancer,
        recalling: Recalling,
        adoption: Adoption,
        clock: Clock,
        meter: Meter,
    ) -> None:
        self._terminal = terminal
        self._eyes = eyes
        self._roster = roster
        self._advancer = advancer
        self._recalling = recalling
        self._adoption = adoption
        self._clock = clock
        self._meter = meter
        self._dirty: dict[PaneId, float] = {}
        """Panes to look at, and since when."""
        self._again: dict[PaneId, float] = {}
        """When to look at a pane again that writes nothing."""
        self._sweep_due = True
        self._bell = Bell(clock)
        self._sweeping = asyncio.Lock()
        self._last: dict[PaneKey, tuple[object, ...]] = {}
        self._unread: dict[PaneKey, datetime] = {}
        self._newcomers = Newcomers()
        self._preview = Preview(roster, eyes, self._newcomers)
        self._sightings = Sightings()
        self._followed: dict[PaneId, Bell] = {}
        self._followers: asyncio.TaskGroup | None = None
        self.readiness = Readiness()
        self.begun = asyncio.Event()
        """Every pane has been seen once: what comes from now on is told."""

    def look_at(self, pane: PaneId) -> None:
        self._mark(pane, self._clock.monotonic())
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
            self._mark(nudge.pane, nudge.since or self._clock.monotonic())
        else:
            self._sweep_due = True
        self._bell.ring()

    def _mark(self, pane: PaneId, since: float) -> None:
        self._dirty.setdefault(pane, since)
        if pane in self._followed:
            self._followed[pane].ring()

    async def _work(self) -> None:
        while True:
            try:
                await self._turn()
            except TerminalUnusable as trouble:
                self._blind(trouble)
                self._sweep_due = True
                await self._clock.sleep(TRY_AGAIN)
            if not self._sweep_due:
                await self._bell.wait(self._until_again())

    def _until_again(self) -> float | None:
        due = min(self._again.values(), default=None)
        return None if due is None else max(0.0, due - self._clock.monotonic())

    async def _turn(self) -> None:
        if self._sweep_due:
            self._sweep_due = False
            await self._sweep_all()
            self.begun.set()
            self.readiness.listed(self._followed)
        panes = self._take_dirty()
        if panes and (await self._look_all(panes)).gone:
            self._sweep_due = True

    def _take_dirty(self) -> dict[PaneKey, float]:
        """Panes to look at now; one that is being followed has to wait for that."""
        now = self._clock.monotonic()
        for pane in [pane for pane, due in self._again.items() if due <= now]:
            del self._again[pane]
            self._dirty.setdefault(pane, now)
        due = [pane for pane in self._dirty if pane not in self._followed]
        found = {}
        for pane in due:
            since = self._dirty.pop(pane)
            session = self._roster.by_pane_id(pane)
            if session is not None and session.watched:
                found[session.pane] = since
        return found

    async def sweep(self) -> None:
        """Lists all panes: what came is taken on, what went is closed, every screen is read."""
        try:
            found = await self._sweep_all(quick=True)
        except TerminalUnusable as trouble:
            self._blind(trouble)
        else:
            self._meter.swept(found)
            self.readiness.listed(self._followed)

    def _blind(self, trouble: TerminalUnusable) -> None:
        log.warning("supervisor.blind", reason=str(trouble))
        self.readiness.blind(str(trouble))

    async def _sweep_all(self, *, quick: bool = False) -> int:
        """How many panes had something new that no nudge had told of."""
        async with self._sweeping:
            begun = self._clock.monotonic()
            read_all = self._sightings.reads_all(begun)
            panes = await self._terminal.panes(quick=quick and not read_all)
            self._newcomers.listed(info.key for info in panes)
            await self._part_with_gone(panes)
            for start in range(0, len(panes), TOGETHER):
                await self._take_on(panes[start : start + TOGETHER])
                await self._clock.sleep(0)  # with a thousand panes others get their turn
            unseen = self._unseen(panes, read_all=read_all)
            return (await self._look_all(dict.fromkeys(unseen, begun))).missed

    def _unseen(self, panes: Sequence[PaneInfo], *, read_all: bool) -> list[PaneKey]:
        """Watched panes that have written since they were looked at, as far as tmux's whole
        seconds tell, or run another program; all of them once in a while."""
        found = []
        for info in panes:
            session = self._roster.on(info.key)
            watched = session is not None and session.watched and session.phase is not Phase.ENDED
            if watched and (read_all or self._sightings.may_miss(info)):
                found.append(info.key)
        return found

    async def _part_with_gone(self, panes: Sequence[PaneInfo]) -> None:
        there = {info.key for info in panes if not info.dead}
        live = self._roster.live()  # the server ends with its last session, too
        gone = (SERVER_GONE if len(live) > 1 and not panes else "its pane is gone", False)
        # by its id: of a dead pane not every tmux tells the process
        dead = {(info.key.server, info.key.pane): info.ending for info in panes if info.dead}
        for session in (session for session in live if session.pane not in there):
            reason, crashed = dead.get((session.pane.server, session.pane.pane), gone)
            async with self._roster.lock(session.pane):
                gone_now = Vanished(self._clock.now(), reason, crashed)
                await self._advancer.advance({session.name: gone_now})
            self._forget(session.pane)
            self._roster.forget_lock(session.pane)

    async def _take_on(self, panes: Sequence[PaneInfo]) -> None:
        """What a pane said while it was lost sight of is news."""
        known = {info.key for info in panes if self._roster.on(info.key) is not None}
        fresh = await self._adoption.consider(panes)
        for session in fresh:
            if session.pane not in known:
                self._newcomers.take_on(session.pane)

    def _forget(self, pane: PaneKey) -> None:
        for known in (self._last, self._unread):
            known.pop(pane, None)
        self._sightings.forget(pane)
        self._newcomers.known(pane)
        self._again.pop(pane.pane, None)
        self._eyes.forget(pane)

    async def _look_all(self, panes: Mapping[PaneKey, float]) -> _Found:
        """``panes``: and since when each is to be looked at."""
        second = int(self._clock.now().timestamp())
        ahead = AHEAD if len(panes) <= FEW else 0
        screens = await self._terminal.capture(panes, history=ahead)
        self._meter.captured(len(panes))
        missed, newcomers = 0, {}
        for pane, since in panes.items():
            screen = screens.get(pane.pane)
            # What is known of it may have changed while tmux was asked.
            session = self._roster.on(pane)
            if screen is None or session is None or pane.pane in self._followed:
                continue
            self._sightings.note(pane, second, screen.pane)
            look = await self._eyes.taken(pane, screen)
            if look is None:
                continue
            if not look.half:
                self._unread.pop(pane, None)
                self._again.pop(pane.pane, None)
            self._newcomers.see(pane, look.reading.signals)
            if self._is_news(session, look):
                missed += pane.pane not in self._dirty and pane in self._last
                is_new = pane in self._newcomers and not look.half
                if is_new and not self._preview.tells(session, look):
                    newcomers[pane] = look
                else:
                    self._begin_to_follow(session, look, since)
            else:
                self._eyes.noted(pane, look)
                await self._touch(session, look)
        self._begin_to_meet(newcomers)
        return _Found(any(pane.pane not in screens for pane in panes), missed)

    def _begin_to_follow(self, session: Session, look: Look, since: float) -> None:
        """Beside the others: a pane whose keys are being pressed must not hold them up."""
        pane = session.pane.pane
        if self._followers is None or pane in self._followed:
            self._dirty.setdefault(pane, since)
            return
        self._followed[pane] = Bell(self._clock)
        self._followers.create_task(self._follow(session, look, since))

    def _begin_to_meet(self, panes: Mapping[PaneKey, Look]) -> None:
        """As there may be a thousand at start-up, they have no task each."""
        if self._followers is None:
            self._dirty.update(dict.fromkeys((pane.pane for pane in panes), 0.0))
            return
        looks = [*panes.items()]
        for start in range(0, len(looks), TOGETHER):
            some = dict(looks[start : start + TOGETHER])
            self._followed.update({pane.pane: Bell(self._clock) for pane in some})
            self._followers.create_task(self._meet(some))

    async def _meet(self, panes: Mapping[PaneKey, Look]) -> None:
        """New panes that have nothing to tell: settled and written together."""
        now = self._clock.monotonic()
        try:
            async with AsyncExitStack() as held:
                for pane in panes:
                    await held.enter_async_context(self._roster.lock(pane))
                await self._clock.sleep(SETTLE)
                met = await self._met(panes)
        except TerminalUnusable as trouble:
            log.warning("supervisor.blind", reason=str(trouble))
            met = set()
        finally:
            for pane in panes:
                del self._followed[pane.pane]
            self.readiness.settled(pane.pane for pane in panes)
        for pane in panes.keys() - met:
            self._dirty.setdefault(pane.pane, now)
        self._bell.ring()

    async def _met(self, panes: Mapping[PaneKey, Look]) -> set[PaneKey]:
        """Those that hold still, and are known from now on."""
        screens = await self._terminal.capture(panes)
        settled: dict[PaneKey, tuple[SessionName, Look]] = {}
        for pane, before in panes.items():
            session, screen = self._roster.on(pane), screens.get(pane.pane)
            if session is None or screen is None:
                continue
            look = await self._eyes.taken(pane, screen)
            if look is not None and look.essence == before.essence:
                settled[pane] = (session.name, look)
        await self._advancer.advance(
            {
                name: self._eyes.observed(look, self._newcomers.stood(pane), keep=True)
                for pane, (name, look) in settled.items()
            }
        )
        for pane, (_, look) in settled.items():
            self._note(pane, look)
        return set(settled)

    def _is_news(self, session: Session, look: Look) -> bool:
        known = (session.state, session.fingerprint)
        seen = (look.reading.state, look.fingerprint)
        is_new = known != seen or self._last.get(session.pane) != look.essence
        return is_new or (look.half and self._recalling.hopes(session.pane))

    async def _touch(self, session: Session, look: Look) -> None:
        """What was drawn changes no state: note when, and what it says it does."""
        now = self._clock.now()
        too_often = timedelta(0) <= now - session.last_activity < OFTEN
        if too_often or not self._sightings.draws(session.pane, look.screen.rows):
            return
        activity = look.reading.activity
        vitals = updated(session.vitals, self._eyes.vitals(look))
        self._roster.publish(replace(session, last_activity=now, activity=activity, vitals=vitals))
        if now - session.last_activity > KEEP_ACTIVITY:
            await self._roster.change(session.name, read_to(look))

    async def _follow(self, session: Session, first: Look, since: float) -> None:
        pane = session.pane.pane
        try:
            async with self._roster.lock(session.pane):
                await self._follow_locked(session, first, since)
        except TerminalUnusable as trouble:
            log.warning("supervisor.blind", reason=str(trouble))
        finally:
            del self._followed[pane]
            self.readiness.settled([pane])
        if pane in self._dirty or pane in self._again or self._sweep_due:
            self._bell.ring()

    async def _follow_locked(self, session: Session, first: Look, since: float) -> None:
        pane = session.pane

        def tells(look: Look) -> bool:
            return self._preview.tells(session, look)

        look: Look | None = first
        if not self._preview.needs_no_other(session, first):
            look = await self._eyes.settled(pane, first, tells, self._followed[pane.pane])
        if look is None:
            self._sweep_due = True
        elif not self._too_early(session, look):
            seen = self._eyes.observed(look, self._newcomers.stood(pane), keep=True)
            seen = await self._recalling.beside(pane, seen)
            done = await self._advancer.advance({session.name: seen})
            if any(tells_of(step.effects) for step in done):
                self._meter.noticed(self._clock.monotonic() - since)
            self._note(pane, look)
            if self._recalling.hopes(pane):
                self._again[pane.pane] = self._clock.monotonic() + TRY_TO_RECALL

    def _note(self, pane: PaneKey, look: Look) -> None:
        self._newcomers.known(pane)
        self._last[pane] = look.essence
        self._sightings.draws(pane, look.screen.rows)
        self._eyes.noted(pane, look)

    def _too_early(self, session: Session, look: Look) -> bool:
        pane = session.pane
        if not look.half:
            return False
        now = self._clock.now()
        waits = self._unread.setdefault(pane, now) + UNREADABLE_AFTER - now
        if waits <= timedelta(0):
            return False
        self._again[pane.pane] = self._clock.monotonic() + waits.total_seconds()
        return True
