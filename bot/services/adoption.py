"""Which panes are ours to watch, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from bot.core.ids import SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Origin, Session
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.terminal import PaneInfo
from bot.services.roster import Roster

Watch = Literal["all", "agents", "listed"]


@dataclass(frozen=True, slots=True)
class WatchRule:
    watch: Watch
    ignore: tuple[str, ...]
    processes: frozenset[str]
    """Foreground programs of known agents."""

    def ignores(self, info: PaneInfo) -> bool:
        return any(fnmatchcase(info.session, pattern) for pattern in self.ignore)

    def wants(self, info: PaneInfo) -> bool:
        if self.watch == "agents":
            return info.command in self.processes
        return self.watch == "all"


class Adoption:
    def __init__(self, store: Store, roster: Roster, rule: WatchRule, clock: Clock) -> None:
        self._store = store
        self._roster = roster
        self._rule = rule
        self._clock = clock
        self._expected: set[str] = set()

    async def consider(self, info: PaneInfo) -> Session | None:
        """A new session for a pane that has none yet and is wanted; None otherwise."""
        if info.dead or self._rule.ignores(info):
            return None
        session = self._roster.on(info.key)
        if session is not None and session.phase is not Phase.ENDED:
            await self._refresh(session, info)
            return None
        if info.session in self._expected or not self._rule.wants(info):
            return None
        return await self._adopt(info, session)

    @contextmanager
    def expecting(self, tmux_session: str) -> Iterator[None]:
        """While we make that tmux session ourselves, its pane is not taken for a found one."""
        self._expected.add(tmux_session)
        try:
            yield
        finally:
            self._expected.discard(tmux_session)

    async def _adopt(self, info: PaneInfo, earlier: Session | None) -> Session:
        """``earlier``: the same pane's, when it was lost sight of. It goes on as it was."""
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
        session = replace(
            found,
            name=free_name(found.name, self._taken()),
            tmux_session=info.session,
            directory=info.path,
            phase=Phase.SHELL,
            last_activity=now,
            state_since=now,
        )
        async with self._store.transaction() as tx:
            await self._roster.put(tx, session)
            facts = {"pane": session.pane.pane, "directory": session.directory}
            await tx.audit.append(now, "pane", "session.found", session.name, facts)
        self._roster.publish(session)
        return session

    async def _refresh(self, session: Session, info: PaneInfo) -> None:
        """tmux's own name and the directory are for people to read; the pane is what counts."""
        if (session.tmux_session, session.directory) != (info.session, info.path):
            await self._roster.change(
                session.name,
                lambda now: replace(now, tmux_session=info.session, directory=info.path),
            )

    def _taken(self) -> frozenset[str]:
        return frozenset(s.name for s in self._roster.all() if s.phase is not Phase.ENDED)


def free_name(wanted: str, taken: Iterable[str]) -> SessionName:
    """``work``, then ``work.2``, ``work.3``: tmux itself allows no dot in a name.

    A name is one word, so that a person can say it: ``my work`` becomes ``my-work``."""
    used = frozenset(taken)
    wanted = "-".join(wanted.split()) or "session"
    name, number = wanted, 1
    while name in used:
        number += 1
        name = f"{wanted}.{number}"
    return SessionName(name)
