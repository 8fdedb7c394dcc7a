"""Which panes are ours to watch, and what they are called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

from bot.core.agent import AgentSpec
from bot.core.ids import PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.reading import may_run
from bot.core.sessions import Origin, Session
from bot.core.stages import Stage, Step, stepped
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.terminal import PaneInfo
from bot.services.roster import Roster

Watch = Literal["all", "agents", "listed"]
Claimed = Callable[[Sequence[PaneKey]], Awaitable[Set[PaneKey]]]
"""Those of the panes whose screen an agent claims."""


@dataclass(frozen=True, slots=True)
class WatchRule:
    watch: Watch
    ignore: tuple[str, ...]
    agents: tuple[AgentSpec, ...]

    def ignores(self, info: PaneInfo) -> bool:
        return any(fnmatchcase(info.session, pattern) for pattern in self.ignore)

    def wants(self, info: PaneInfo) -> bool:
        return self.watch == "all" or (self.watch == "agents" and self.runs_agent(info))

    def runs_agent(self, info: PaneInfo) -> bool:
        """The foreground program is that of one known agent, and of nothing else."""
        return sum(info.command in spec.processes for spec in self.agents) == 1

    def doubts(self, info: PaneInfo) -> bool:
        """Only the screen tells: several agents run as that program (``node``), or it is an
        interpreter or a wrapper that an agent may hide behind."""
        if self.watch != "agents" or self.runs_agent(info):
            return False
        return any(may_run(spec, info.command, info.title) for spec in self.agents)


async def _none(panes: Sequence[PaneKey]) -> Set[PaneKey]:
    return frozenset()


class Adoption:
    def __init__(
        self,
        store: Store,
        roster: Roster,
        rule: WatchRule,
        clock: Clock,
        claimed: Claimed = _none,
    ) -> None:
        self._store = store
        self._roster = roster
        self._rule = rule
        self._clock = clock
        self._claimed = claimed
        self._expected: set[str] = set()

    async def consider(self, panes: Iterable[PaneInfo]) -> list[Session]:
        """New sessions for the panes that have none yet and are wanted: all in one transaction,
        as there may be a thousand at start-up. Raises TerminalUnusable."""
        wanted, doubtful = [], []
        for info in panes:
            if info.dead or self._rule.ignores(info):
                continue
            session = self._roster.on(info.key)
            if session is not None and session.phase is not Phase.ENDED:
                await self._refresh(session, info)
            elif info.session not in self._expected and self._rule.wants(info):
                wanted.append((info, session))
            elif info.session not in self._expected and self._rule.doubts(info):
                doubtful.append((info, session))
        if doubtful:
            claimed = await self._claimed([info.key for info, _ in doubtful])
            wanted += [(info, earlier) for info, earlier in doubtful if info.key in claimed]
        return await self._adopt_all(wanted) if wanted else []

    @contextmanager
    def expecting(self, tmux_session: str) -> Iterator[None]:
        """While we make that tmux session ourselves, its pane is not taken for a found one."""
        self._expected.add(tmux_session)
        try:
            yield
        finally:
            self._expected.discard(tmux_session)

    async def _adopt_all(self, panes: Sequence[tuple[PaneInfo, Session | None]]) -> list[Session]:
        """With each the same pane's earlier session, when it was lost sight of: it goes on."""
        now = self._clock.now()
        taken = {s.name for s in self._roster.all() if s.phase is not Phase.ENDED}
        found = []
        async with self._store.transaction() as tx:
            for info, earlier in panes:
                session = self._session(info, earlier, taken)
                taken.add(session.name)
                found.append(session)
                await self._roster.put(tx, session)
                facts = {"pane": session.pane.pane, "directory": session.directory}
                await tx.audit.append(now, "pane", "session.found", session.name, facts)
        for session in found:
            self._roster.publish(session)
        return found

    def _session(self, info: PaneInfo, earlier: Session | None, taken: Iterable[str]) -> Session:
        now = self._clock.now()
        found = earlier or Session(
            name=SessionName(info.session),
            pane=info.key,
            tmux_session=info.session,
            directory=info.path,
            origin=Origin.FOUND,
            started_at=now,
            last_activity=now,
            state_since=now,
        )
        return replace(
            found,
            name=free_name(found.name, taken),
            tmux_session=info.session,
            directory=info.path,
            phase=Phase.SHELL,
            last_activity=now,
            state_since=now,
            stage=Stage.SPAWNED,
            history=_found(found, now),
            left_by="",
        )

    async def _refresh(self, session: Session, info: PaneInfo) -> None:
        """tmux's own name and the directory are for people to read; the pane is what counts."""
        if (session.tmux_session, session.directory) != (info.session, info.path):
            await self._roster.change(
                session.name,
                lambda now: replace(now, tmux_session=info.session, directory=info.path),
            )


def _found(session: Session, at: datetime) -> tuple[Step, ...]:
    """One that was lost sight of may have been at any stage then."""
    history = session.history
    if history and history[-1].stage is not Stage.CLEANED:
        history = stepped(history, Stage.CLEANED, "out of sight", at)
    return stepped(history, Stage.SPAWNED, "found again" if history else "found", at)


def free_name(wanted: str, taken: Iterable[str]) -> SessionName:
    """``work``, then ``work.2``, ``work.3``: tmux itself allows no dot in a name.

    A name is one word, so that a person can say it: ``my work`` becomes ``my-work``."""
    used = taken if isinstance(taken, Set) else frozenset(taken)
    wanted = "-".join(wanted.split()) or "session"
    name, number = wanted, 1
    while name in used:
        number += 1
        name = f"{wanted}.{number}"
    return SessionName(name)
