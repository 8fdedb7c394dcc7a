"""The sessions as they are now: kept in memory, written through to the store."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from bot.core.anchors import NOWHERE, Anchor
from bot.core.codes import looks_like_code
from bot.core.errors import NotFound
from bot.core.ids import PaneId, PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.ports.store import Store, Transaction


class Roster:
    """Also hands out the lock of each pane: whoever looks or presses holds it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions: dict[SessionName, Session] = {}
        self._at: defaultdict[PaneId, dict[SessionName, None]] = defaultdict(dict)
        """Whose pane has that id; those of servers that have ended included."""
        self._locks: defaultdict[PaneKey, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._numbers: dict[str, tuple[SessionName, ...]] = {}

    async def load(self) -> None:
        async with self._store.snapshot() as tx:
            found = await tx.sessions.all()
        self._sessions.clear()
        self._at.clear()
        for session in found:
            self.publish(session)

    def all(self) -> tuple[Session, ...]:
        return tuple(sorted(self._sessions.values(), key=lambda session: session.name.lower()))

    def live(self) -> tuple[Session, ...]:
        return tuple(session for session in self.all() if session.phase is not Phase.ENDED)

    def get(self, name: SessionName) -> Session | None:
        return self._sessions.get(name)

    def on(self, pane: PaneKey) -> Session | None:
        """The session of that pane; one that has ended only when there is no other."""
        ended = None
        for name in self._at.get(pane.pane, ()):  # asked for each pane of each sweep
            session = self._sessions[name]
            if session.pane == pane:
                if session.phase is not Phase.ENDED:
                    return session
                ended = ended or session
        return ended

    def anchor_of(self, pane: PaneKey) -> Anchor:
        """How far it was read, as far as that is kept."""
        session = self.on(pane)
        return NOWHERE if session is None else session.anchor

    def by_pane_id(self, pane: PaneId) -> Session | None:
        found = (s for s in self._with_id(pane) if s.phase is not Phase.ENDED)
        return next(found, None)

    def _with_id(self, pane: PaneId) -> list[Session]:
        return [self._sessions[name] for name in self._at.get(pane, ())]

    def lock(self, pane: PaneKey) -> asyncio.Lock:
        return self._locks[pane]

    def forget_lock(self, pane: PaneKey) -> None:
        lock = self._locks.get(pane)
        if lock is not None and not lock.locked():
            del self._locks[pane]

    async def put(self, tx: Transaction, session: Session) -> None:
        """Within the caller's transaction; call ``publish`` once that is committed."""
        await tx.sessions.put(session)

    async def change(
        self, name: SessionName, how: Callable[[Session], Session] = lambda session: session
    ) -> Session | None:
        """Read, changed and written in one transaction, so that nothing is lost that others
        write meanwhile; None when there is no such session."""
        async with self._store.transaction() as tx:
            before = self._sessions.get(name)
            if before is None:
                return None
            after = how(before)
            await self.put(tx, after)
        self.publish(after)
        return after

    def publish(self, session: Session) -> None:
        before = self._sessions.get(session.name)
        if before is None or before.pane.pane != session.pane.pane:
            self._leave(before)
            self._at[session.pane.pane][session.name] = None
        self._sessions[session.name] = session

    async def drop(self, tx: Transaction, name: SessionName) -> None:
        await tx.sessions.remove(name)
        self._leave(self._sessions.pop(name, None))

    def _leave(self, session: Session | None) -> None:
        if session is not None:
            names = self._at[session.pane.pane]
            names.pop(session.name, None)
            if not names:
                del self._at[session.pane.pane]

    def number(self, principal: str, names: tuple[SessionName, ...]) -> None:
        """Remembers the list a person was just shown, so that ``status 2`` means its second."""
        self._numbers[principal] = names

    def numbers(self, principal: str) -> tuple[SessionName, ...]:
        """That list; empty for somebody who was shown none."""
        return self._numbers.get(principal, ())

    def named(self, text: str, principal: str = "") -> tuple[Session, ...]:
        """Sessions meant by a name, a unique prefix or a number of the last list: all that fit."""
        exact = self._sessions.get(SessionName(text))
        if exact is not None:
            return (exact,)
        shown = self.numbers(principal)
        if text.isdigit() and 0 < int(text) <= len(shown):
            numbered = self._sessions.get(shown[int(text) - 1])
            return (numbered,) if numbered else ()
        wanted = text.lower()
        live = self.live()
        same = [s for s in live if wanted in (s.name.lower(), s.tmux_session.lower())]
        return tuple(same or (s for s in live if wanted and s.name.lower().startswith(wanted)))

    def called(self, text: str) -> Session | None:
        """The live session of exactly that name, in upper or lower case."""
        wanted = text.lower()
        return next((s for s in self.live() if wanted and s.name.lower() == wanted), None)

    def require(self, text: str, principal: str = "") -> Session:
        """The one session of that name. Raises NotFound."""
        found = self.named(text, principal)
        if len(found) == 1:
            return found[0]
        known = ", ".join(session.name for session in self.live()) or "none yet"
        if looks_like_code(text.lower()):
            raise NotFound(
                f"no prompt of code {text.lower()} is known (any more), and no session is called "
                f"so: pending shows what waits (sessions: {known})"
            )
        raise NotFound(f"there is no session '{text}' (there are: {known})")
