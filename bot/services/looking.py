"""Screens with their meaning: captured, read by the right agent, and seen to hold still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.agent import Reading
from bot.core.events import Observed
from bot.core.ids import Fingerprint, PaneKey
from bot.core.prompts import Kind, fingerprint
from bot.core.screen import Screen
from bot.ports.clock import Clock
from bot.ports.terminal import Terminal

Reader = Callable[[Screen], Reading]

SETTLE = 0.05
"""Seconds between two captures that must agree: tmux may hold half a redraw (tmux 3.3a knows no
synchronized updates)."""
TRIES = 6


@dataclass(frozen=True, slots=True)
class Look:
    screen: Screen
    reading: Reading
    fingerprint: Fingerprint | None

    @property
    def essence(self) -> tuple[object, ...]:
        """What must be the same in two looks for the screen to count as settled."""
        reading = self.reading
        signals = [(signal, signal.asked, signal.earlier) for signal in reading.signals]
        return (reading.state, self.fingerprint, signals, reading.agent, reading.covered)


class Eyes:
    def __init__(self, terminal: Terminal, reader: Reader, clock: Clock) -> None:
        self._terminal = terminal
        self._reader = reader
        self._clock = clock

    async def look(self, pane: PaneKey) -> Look | None:
        """None when that pane is not there any more."""
        screens = await self._terminal.capture([pane])
        screen = screens.get(pane.pane)
        return None if screen is None else await self.whole(pane, self.read(screen))

    async def whole(self, pane: PaneKey, look: Look) -> Look | None:
        """The look itself, or where colours tell more one with them."""
        if not look.reading.wants_colours:
            return look
        screens = await self._terminal.capture([pane], ansi=True)
        screen = screens.get(pane.pane)
        return None if screen is None else self.read(screen)

    def read(self, screen: Screen) -> Look:
        reading = self._reader(screen)
        prompt = reading.prompt
        counts = prompt is not None and prompt.kind is not Kind.MENU
        return Look(screen, reading, fingerprint(prompt) if counts and prompt else None)

    async def settled(self, pane: PaneKey, first: Look | None = None) -> Look | None:
        """A look that a second one, SETTLE seconds later, agrees with; the last one otherwise."""
        before = first or await self.look(pane)
        for _ in range(TRIES):
            if before is None:
                return None
            await self._clock.sleep(SETTLE)
            after = await self.look(pane)
            if after is None or after.essence == before.essence:
                return after
            before = after
        return before

    def observed(self, look: Look, *, first: bool = False, resized: bool = False) -> Observed:
        return Observed(self._clock.now(), look.reading, look.fingerprint, first, resized=resized)
