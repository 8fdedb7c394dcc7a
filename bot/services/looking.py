"""Screens with their meaning: captured, read by the right agent, and seen to hold still."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import structlog

from bot.core.agent import AgentSpec, Reading, State
from bot.core.anchors import NOWHERE, Anchor, anchor_of, find, since
from bot.core.events import Observed
from bot.core.ids import Fingerprint, PaneId, PaneKey
from bot.core.prompts import Kind, fingerprint
from bot.core.screen import PaneFacts, Screen
from bot.core.sessions import Session
from bot.core.signals import Signal, holds_signals
from bot.core.vitals import UNKNOWN, Vitals
from bot.ports.clock import Clock
from bot.ports.meter import Meter, NoMeter
from bot.ports.terminal import Terminal
from bot.services.wake import Bell

log = structlog.get_logger()

Reader = Callable[[Screen], Reading]

SETTLE = 0.05
"""Seconds between two captures that must agree: tmux may hold half a redraw (tmux 3.3a knows no
synchronized updates)."""
HURRY = 0.001
"""The same, for what a person waits for: a redraw comes in one write, which tmux takes in within
a millisecond or two. Whoever presses a key looks again first."""
TRIES = 6
FEW, AHEAD = 4, 100
"""Of so many panes that many lines above the screen are captured along with it: an agent that
clears its screen sends it there, and asking again takes longer than not to need them."""
SCROLLED = 1000
"""Lines that are read at most when more has scrolled by between two looks than half a screen."""
CATCH_UP = 5000
"""Lines of history that are read at most where a pane was left for a while: after a restart, or
when it was given another size."""

Hurried = Callable[["Look"], bool]
Kept = Callable[[PaneKey], Anchor]


def never(look: Look) -> bool:
    return False


def nothing_kept(pane: PaneKey) -> Anchor:
    return NOWHERE


@dataclass(frozen=True, slots=True)
class Look:
    screen: Screen
    reading: Reading
    fingerprint: Fingerprint | None
    visible: tuple[Signal, ...] | None = None
    """The signals of the screen, where the reading has those of what scrolled by as well."""
    unsure: bool = False
    """It is not known how much has scrolled by: some of it may have been read before."""
    stood: tuple[Signal, ...] | None = None
    """Signals that are old, though they were not in sight just now; None: there are none."""
    fresh: tuple[Signal, ...] | None = None
    """Signals that came after what was read before, where that was found again after a gap."""

    @property
    def essence(self) -> tuple[object, ...]:
        """What must be the same in two looks for the screen to count as settled."""
        reading = self.reading
        signals = [(signal, signal.asked, signal.earlier) for signal in reading.signals]
        return (
            reading.state,
            self.fingerprint,
            signals,
            reading.agent,
            reading.covered,
            self.half,
        )

    @property
    def half(self) -> bool:
        """A dialog that cannot be read, or not to its end: perhaps it is still being drawn.
        OpenCode 1.18.33 has a scroll bar beside a new diff, until it has measured it, and asks
        about a command a frame before it shows it."""
        prompt = self.reading.prompt
        unread = self.reading.state is State.UNREADABLE or self.reading.early
        return unread or (prompt is not None and not prompt.complete)


class Eyes:
    def __init__(
        self,
        terminal: Terminal,
        reader: Reader,
        clock: Clock,
        agents: Mapping[str, AgentSpec] | None = None,
        kept: Kept = nothing_kept,
        meter: Meter | None = None,
    ) -> None:
        """``kept``: how far each pane was read in an earlier life."""
        self._kept = kept
        self._meter = meter or NoMeter()
        self._terminal = terminal
        self._reader = reader
        self._clock = clock
        self._known: dict[PaneId, Look] = {}
        self._noted: dict[PaneKey, Look] = {}
        self._lost: set[PaneKey] = set()
        self._agents = agents or {}

    async def look(self, pane: PaneKey, history: int = 0) -> Look | None:
        """None when that pane is not there any more. ``history``: so many lines that have
        scrolled by are probably needed, and asked for at once."""
        screens = await self._terminal.capture([pane], history=history)
        screen = screens.get(pane.pane)
        return None if screen is None else await self.taken(pane, screen)

    async def taken(self, pane: PaneKey, screen: Screen) -> Look | None:
        """The look at a screen that was captured already, perhaps with lines that have scrolled
        by above it. None when that pane is not there any more."""
        height = screen.pane.height
        in_sight = _last_rows(screen, height) if len(screen.rows) > height > 0 else screen
        return await self.whole(pane, self.read(in_sight, pane.pane), screen)

    async def claimed(self, panes: Sequence[PaneKey]) -> Set[PaneKey]:
        """Those whose screen is that of a known agent."""
        screens = await self._terminal.capture(panes)
        found = {pane: screens[pane.pane] for pane in panes if pane.pane in screens}
        named = {pane: self._reader(screen).agent for pane, screen in found.items()}
        return {pane for pane, agent in named.items() if self._is_agent(agent)}

    def _is_agent(self, agent: str) -> bool:
        return agent in self._agents and bool(self._agents[agent].processes)

    async def whole(self, pane: PaneKey, look: Look, taken: Screen | None = None) -> Look | None:
        """The look itself, or where more has to be asked for one with that: colours, or lines
        that have scrolled by since the look that was last noted. ``taken``: the screen that was
        read, perhaps with some of those lines above it."""
        if look.reading.wants_colours:
            screens = await self._terminal.capture([pane], ansi=True)
            screen = screens.get(pane.pane)
            return None if screen is None else self.read(screen)
        known = self._noted.get(pane)
        if known is None:
            return await self._met_again(pane, look)
        before, now = known.screen.pane, look.screen.pane
        if now.size != before.size:  # its lines are wrapped anew, and few of them were written
            found = await self._caught_up(pane, look, anchor_at(known) or NOWHERE)
            came_back = now.history < before.history
            return found or (replace(look, stood=look.reading.signals) if came_back else look)
        grown = _grown(before, look)
        if not grown:
            return look
        if grown > SCROLLED:
            self._meter.unread()
        long = await self._with_lines_above(pane, look, min(grown, SCROLLED), taken)
        if long is None or not holds_signals(long.rows):
            return look
        below = _last_rows(long, len(look.screen.rows))
        in_sight = self._reader(below).signals
        all_of_it = self._reader(long).signals
        # A screen that was cleared goes up as it was: what it showed says nothing of the new one.
        more = [signal for signal in in_sight if signal not in all_of_it]
        return replace(
            look,
            reading=replace(look.reading, signals=(*all_of_it, *more)),
            visible=in_sight,
            unsure=now.history < before.history,
        )

    async def _met_again(self, pane: PaneKey, look: Look) -> Look:
        """The first look in this life at a pane that may have been read in an earlier one. Where
        that was left is not found, what may have been told is not told again."""
        anchor = self._kept(pane)
        if not anchor.places or look.screen.pane.alternate:
            self._noted[pane] = look
            return look
        found = await self._caught_up(pane, look, anchor)
        if found is not None:
            return found
        if pane not in self._lost:
            self._lost.add(pane)
            self._meter.unread()
            log.warning("eyes.place_lost", pane=pane.pane, history=look.screen.pane.history)
        in_sight = look.reading.signals
        resized = anchor.width != look.screen.pane.width
        return replace(look, visible=in_sight, unsure=True, stood=in_sight if resized else None)

    async def _caught_up(self, pane: PaneKey, look: Look, anchor: Anchor) -> Look | None:
        """With what came since the place that was read to; None where that is not found."""
        facts, screen = look.screen.pane, look.screen
        if facts.alternate:
            return None
        signals, found = look.reading.signals, find(anchor, screen)
        if found is None and facts.history and anchor.places:
            screens = await self._terminal.capture([pane], history=min(facts.history, CATCH_UP))
            screen = screens.get(pane.pane, screen)
            found = find(anchor, screen)
            signals = self._reader(screen).signals if found else ()
        if found is None:
            return None
        more = [signal for signal in look.reading.signals if signal not in signals]
        return replace(
            look,
            reading=replace(look.reading, signals=(*signals, *more)),
            visible=look.reading.signals,
            stood=tuple(signal for signal in signals if 0 <= signal.row <= found.row),
            fresh=(*since(signals, found), *more),
        )

    def _scrolled(self, pane: PaneKey, look: Look) -> int:
        known = self._noted.get(pane)
        return 0 if known is None else min(_grown(known.screen.pane, look), SCROLLED)

    async def _with_lines_above(
        self, pane: PaneKey, look: Look, lines: int, taken: Screen | None
    ) -> Screen | None:
        height = len(look.screen.rows) + lines
        if taken is not None and len(taken.rows) >= height:
            return _last_rows(taken, height)
        return (await self._terminal.capture([pane], history=lines)).get(pane.pane)

    def prints(self, look: Look) -> bool:
        """No known agent draws there: what is there as a line was written as one, and is whole."""
        return not look.screen.pane.alternate and not self._is_agent(look.reading.agent)

    def noted(self, pane: PaneKey, look: Look) -> None:
        """What has scrolled by up to this look is done with."""
        self._noted[pane] = look
        self._lost.discard(pane)

    def read(self, screen: Screen, pane: PaneId | None = None) -> Look:
        """A screen of ``pane`` that is the same as the one before is not read again."""
        known = None if pane is None else self._known.get(pane)
        if known is not None and known.screen == screen:
            return known
        reading = self._reader(screen)
        prompt = reading.prompt
        counts = prompt is not None and prompt.kind is not Kind.MENU
        look = Look(screen, reading, fingerprint(prompt) if counts and prompt else None)
        if pane is not None:
            self._known[pane] = look
        return look

    def forget(self, pane: PaneKey) -> None:
        self._known.pop(pane.pane, None)
        self._noted.pop(pane, None)
        self._lost.discard(pane)

    async def settled(
        self,
        pane: PaneKey,
        first: Look | None = None,
        hurried: Hurried = never,
        bell: Bell | None = None,
    ) -> Look | None:
        """A look that stays the same for SETTLE seconds, or for HURRY; the last one when nothing
        does. ``bell``: rung when the pane writes, so that it is looked at again at once."""
        bell = bell or Bell(self._clock)
        begun = self._clock.monotonic()
        since = begun if first is None else begun - HURRY  # it took that long to read
        before = first or await self.look(pane)
        while before is not None:
            needed = since + (HURRY if hurried(before) else SETTLE)
            await bell.wait(needed - self._clock.monotonic())
            after = await self.look(pane, self._scrolled(pane, before))
            now = self._clock.monotonic()
            if after is None or after.essence != before.essence:
                since = now
            elif now >= needed:
                return after
            if after is not None and now > begun + SETTLE * TRIES - HURRY:
                return after
            before = after
        return None

    def vitals(self, look: Look) -> Vitals:
        spec = self._agents.get(look.reading.agent)
        return UNKNOWN if spec is None else spec.vitals(look.screen)

    def observed(
        self, look: Look, stood: tuple[Signal, ...] | None = None, *, keep: bool = False
    ) -> Observed:
        """``keep``: with how far the pane has been read."""
        return Observed(
            self._clock.now(),
            look.reading,
            look.fingerprint,
            look.stood if stood is None else stood,
            vitals=self.vitals(look),
            visible=look.visible,
            unsure=look.unsure,
            fresh=look.fresh,
            anchor=anchor_at(look) if keep else None,
        )


def anchor_at(look: Look) -> Anchor | None:
    """How far a pane has been read; None where a signal may be in sight that was not heard."""
    if look.reading.covered or look.reading.state is State.MENU:
        return None
    in_sight = look.reading.signals if look.visible is None else look.visible
    return anchor_of(look.screen, in_sight)


def read_to(look: Look) -> Callable[[Session], Session]:
    """What becomes of a session when its pane has been read as far as that."""
    anchor = anchor_at(look)
    return lambda session: replace(session, anchor=anchor or session.anchor)


def _last_rows(screen: Screen, count: int) -> Screen:
    return replace(screen, rows=screen.rows[-count:])


def _grown(before: PaneFacts, look: Look) -> int:
    """How far the pane has scrolled since; a history that was trimmed does not tell it."""
    now, height = look.screen.pane.history, len(look.screen.rows)
    more = now - before.history
    if more < 0:
        return min(now, height)
    return more if more > height // 2 else 0
