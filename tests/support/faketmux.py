"""A tmux of toy agents in memory: implements Terminal, Keyboard and Spawner, with faults."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bot.core.errors import Refused, TerminalUnusable
from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.press import ANY, Guard, Outcome, Press, PressResult, Refusal
from bot.core.screen import PaneFacts, Screen, Size
from bot.ports.clock import Clock
from bot.ports.spawner import Launch
from bot.ports.terminal import Nudge, NudgeKind, PaneInfo
from tests.support.toy import ToyAgent


@dataclass
class FakePane:
    key: PaneKey
    session: str
    agent: ToyAgent
    marker: str = ""
    in_mode: bool = False
    dead: bool = False
    forgets: bool = False
    """As tmux 3.8: of a dead pane the process is not told any more."""
    input_off: bool = False
    synchronized: bool = False
    command: str = "toy"
    size: Size = (80, 24)
    history: int = 0

    def facts(self) -> PaneFacts:
        width, height = self.size
        return PaneFacts(
            self.command,
            in_mode=self.in_mode,
            dead=self.dead,
            history=self.history,
            width=width,
            height=height,
        )


@dataclass
class FakeTmux:
    clock: Clock
    panes_by_id: dict[PaneId, FakePane] = field(default_factory=dict)
    server: ServerKey = field(default_factory=lambda: ServerKey(100, 1_700_000_000))
    before_press: Callable[[Press], None] = lambda press: None
    """A fault or a change at the worst moment: just before tmux compares."""
    after_press: Callable[[Press], None] = lambda press: None
    loses: list[Press] | None = None
    """If a list: presses go in, but their answers are lost; they are kept here."""
    blind: bool = False
    """tmux does not answer."""
    spawns: Callable[[], ToyAgent] = ToyAgent
    """What a new session runs."""
    launched: list[Launch] = field(default_factory=list)
    captures: int = 0
    typed_at: dict[PaneId, datetime] = field(default_factory=dict)
    """When somebody at the machine last typed into a pane."""
    _nudges: asyncio.Queue[Nudge] = field(default_factory=asyncio.Queue)
    _ids: count[int] = field(default_factory=lambda: count(0))
    _pids: count[int] = field(default_factory=lambda: count(5000))

    def add(self, session: str, agent: ToyAgent | None = None) -> FakePane:
        pane = PaneId(f"%{next(self._ids)}")
        key = PaneKey(self.server, pane, next(self._pids))
        made = FakePane(key, session, agent or ToyAgent())
        self.panes_by_id[pane] = made
        self._nudges.put_nowait(Nudge(NudgeKind.PANES))
        return made

    def remove(self, pane: FakePane) -> None:
        del self.panes_by_id[pane.key.pane]
        self._nudges.put_nowait(Nudge(NudgeKind.PANES))

    def die(self) -> None:
        """The server and all it held."""
        self.panes_by_id.clear()
        self.server = ServerKey(self.server.pid + 1, self.server.start_time + 60)
        self._ids = count(0)
        self._nudges.put_nowait(Nudge(NudgeKind.LOST))

    def wrote(self, pane: FakePane) -> None:
        self._nudges.put_nowait(Nudge(NudgeKind.WROTE, pane.key.pane))

    def _answer(self) -> None:
        if self.blind:
            raise TerminalUnusable("tmux does not answer")

    async def panes(self, *, quick: bool = False) -> tuple[PaneInfo, ...]:
        self._answer()
        return tuple(self._info(pane) for pane in self.panes_by_id.values())

    async def capture(
        self, panes: Iterable[PaneKey], history: int = 0, *, ansi: bool = False
    ) -> dict[PaneId, Screen]:
        self._answer()
        self.captures += 1
        found = {}
        for key in panes:
            pane = self.panes_by_id.get(key.pane)
            if pane is not None and pane.key == key:
                facts = pane.facts()
                agent = pane.agent
                drawn = agent.frames.pop(0) if agent.frames else agent.screen()
                rows = drawn[: facts.height]
                found[key.pane] = Screen(tuple(rows), facts, tuple(rows) if ansi else None)
        return found

    async def typed(self) -> dict[PaneId, datetime]:
        return dict(self.typed_at)

    async def nudges(self) -> AsyncIterator[Nudge]:
        while True:
            yield await self._nudges.get()

    async def press(self, press: Press) -> PressResult:
        self._answer()
        self.before_press(press)
        refusal = self._refusal(press.guard)
        if refusal is not None:
            return PressResult(Outcome.REFUSED, refusal)
        pane = self.panes_by_id[press.guard.pane.pane]
        pane.marker = press.guard.press
        pane.agent.feed(press.data, paste=press.paste)
        self.wrote(pane)
        self.after_press(press)
        if self.loses is not None:
            self.loses.append(press)
            return PressResult(Outcome.UNKNOWN)
        return PressResult(Outcome.PRESSED)

    def _refusal(self, guard: Guard) -> Refusal | None:
        pane = self.panes_by_id.get(guard.pane.pane)
        if pane is None:
            return Refusal.PANE_GONE
        if pane.key.server != guard.pane.server:
            return Refusal.SERVER_CHANGED
        rows = pane.agent.screen()
        checks = (
            (pane.key != guard.pane, Refusal.PANE_CHANGED),
            (pane.marker == guard.press, Refusal.ALREADY_PRESSED),
            (pane.dead, Refusal.DEAD),
            (pane.in_mode, Refusal.IN_MODE),
            (pane.input_off, Refusal.INPUT_OFF),
            (pane.synchronized, Refusal.SYNCHRONIZED),
            (self.clock.now().timestamp() >= guard.deadline, Refusal.EXPIRED),
            (any(not _stands(line, rows) for line in guard.lines), Refusal.SCREEN_CHANGED),
        )
        return next((refusal for failed, refusal in checks if failed), None)

    async def marker(self, pane: PaneKey) -> str | None:
        self._answer()
        found = self.panes_by_id.get(pane.pane)
        return found.marker if found is not None and found.key == pane else None

    async def spawn(self, launch: Launch) -> PaneKey:
        if any(pane.session == launch.name for pane in self.panes_by_id.values()):
            raise Refused(f"there is a tmux session '{launch.name}' already")
        self.launched.append(launch)
        return self.add(launch.name, self.spawns()).key

    async def kill(self, pane: PaneKey) -> bool:
        found = self.panes_by_id.get(pane.pane)
        if found is None or found.key != pane:
            return False
        self.remove(found)
        return True

    def attach_command(self, session: str) -> str:
        return f"tmux attach -t ={session}"

    def _info(self, pane: FakePane) -> PaneInfo:
        key = replace(pane.key, pid=0) if pane.dead and pane.forgets else pane.key
        return PaneInfo(
            key=key,
            session=pane.session,
            session_id="$0",
            window_index=0,
            pane_index=0,
            command=pane.command,
            path="/home/dev/shop",
            title="",
            width=pane.size[0],
            height=pane.size[1],
            tty="/dev/pts/9",
            dead=pane.dead,
            activity=int(self.clock.now().timestamp()),
        )


def _stands(line: str, rows: Sequence[str]) -> bool:
    alike = re.escape(line).replace(re.escape(ANY), r"\S")
    return any(re.fullmatch(alike, row) for row in rows)
