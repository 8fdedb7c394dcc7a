"""The stream of nudges: hints of the kernel or of tmux, each kind and pane queued once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from bot.adapters.tmux.rhythm import Rhythm
from bot.adapters.tmux.watch import TtyWatch, works
from bot.core.errors import TerminalUnusable
from bot.core.ids import PaneId
from bot.ports.clock import Clock
from bot.ports.terminal import Nudge, NudgeKind

MARKS_EVERY = 0.25
MARKS_AT_LEAST = 5.0
"""The same, where tmux tells when there is something to compare."""
GAP, EACH = 0.03, 0.00025
"""Seconds between two comparisons then, at least, and more for each pane: a thousand marks take
tmux 14 ms."""
MANY, TOGETHER = 16, 0.012
"""With more busy panes than so many, those due within so many seconds are looked at together."""


class Marks:
    """Without inotify: whose activity mark changed. A mark of this very second proves nothing,
    because ``#{window_activity}`` counts whole seconds, so that pane counts as changed too; ``-``
    in its place: the mark itself is exact."""

    def __init__(self) -> None:
        self._known: dict[PaneId, str] = {}
        self._second = 0

    def changed(self, lines: Sequence[str], now: float) -> list[PaneId]:
        found, since, known = [], self._second, self._known
        self._known, self._second = {}, int(now)
        for line in lines:
            pane, mark = line.split(" ", 1)
            active = mark.split(" ", 1)[0]
            self._known[PaneId(pane)] = mark
            fresh = active.isdigit() and int(active) >= since
            if pane in known and (fresh or known[PaneId(pane)] != mark):
                found.append(PaneId(pane))
        return found


class Hints:
    def __init__(
        self, marks: Callable[[], Awaitable[Sequence[str]]], clock: Clock, *, inotify: bool
    ) -> None:
        self._read_marks = marks
        self._clock = clock
        self.inotify = inotify and works()
        self._told = False
        """tmux tells when somebody has written."""
        self._rhythm = Rhythm()
        self._watch: TtyWatch | None = None
        self._ttys: dict[PaneId, str] = {}
        self._news: dict[Nudge, None] = {}
        self._bell = asyncio.Event()
        self._compare_at = 0.0

    def follow(self, ttys: Mapping[PaneId, str]) -> None:
        """The panes there are. One that is new is looked at: it may have written before this."""
        for gone in self._ttys.keys() - ttys.keys():
            self._rhythm.forget(gone)
        fresh = [pane for pane, tty in ttys.items() if self._ttys.get(pane) != tty]
        self._ttys = dict(ttys)
        if self._watch is not None:
            self._watch.follow(self._ttys)
        for pane in fresh:
            self._wrote(pane)

    def armed(self) -> None:
        self._told = True
        self._compare_at = 0.0
        self._bell.set()

    def unarmed(self) -> None:
        self._told, self._compare_at = False, 0.0
        self._bell.set()

    def gap(self) -> float:
        return max(GAP, EACH * len(self._ttys))

    def heard(self, nudge: Nudge) -> None:
        self._news[nudge] = None
        self._bell.set()

    def _wrote(self, pane: PaneId) -> None:
        self._rhythm.wrote(pane, self._clock.monotonic())
        self._bell.set()

    async def stream(self) -> AsyncIterator[Nudge]:
        marks = Marks()
        if self.inotify:
            self._watch = TtyWatch(self._wrote)
            self._watch.follow(self._ttys)
            self._watch.start()
        try:
            while True:
                for nudge in self._due():
                    yield nudge
                await self._pause()
                if self._watch is None:
                    await self._compare(marks)
        finally:
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _due(self) -> list[Nudge]:
        self._bell.clear()
        news, self._news = list(self._news), {}
        panes = self._rhythm.due(self._clock.monotonic())
        wrote = [Nudge(NudgeKind.WROTE, pane, since) for pane, since in panes.items()]
        return news + wrote

    async def _pause(self) -> None:
        """Until something is due or comes in."""
        at = self._rhythm.next_at()
        seconds = None if at is None else max(0.0, at - self._clock.monotonic())
        if seconds is not None and self._rhythm.busy > MANY:
            seconds = max(seconds, TOGETHER)
        if self._watch is None:
            left = max(0.0, self._compare_at - self._clock.monotonic())
            seconds = left if seconds is None else min(seconds, left)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    async def _compare(self, marks: Marks) -> None:
        if self._clock.monotonic() < self._compare_at:
            return
        every = MARKS_AT_LEAST if self._told else MARKS_EVERY
        self._compare_at = self._clock.monotonic() + every
        now = self._clock.now().timestamp()
        with contextlib.suppress(TerminalUnusable):
            for pane in marks.changed(await self._read_marks(), now):
                self._wrote(pane)
