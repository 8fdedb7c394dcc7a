"""A draft that somebody has typed at the terminal: put by for one message where the agent has a
key for that and brings it back itself, and left alone everywhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import structlog

from bot.core.agent import AgentSpec, Composer, State
from bot.core.ids import PaneKey, PressId
from bot.core.press import Guard, Outcome, Press
from bot.core.sessions import Session
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.services.looking import Eyes, Look

log = structlog.get_logger()

STILL_FOR = 5.0
"""Seconds without a change: nobody is typing there just now."""
LATER = 55.0
"""Seconds more until it is tried again with an agent that was at work."""
FOLLOWS_WITHIN = 2.0
LOOK_EVERY = 0.03
KEY_WITHIN = 5
TRIES = 5
ROWS = 16
"""From the bottom up, where the agent says that it has put a draft by."""


class Drafts:
    def __init__(
        self, keyboard: Keyboard, eyes: Eyes, clock: Clock, agents: Mapping[str, AgentSpec]
    ) -> None:
        self._keyboard = keyboard
        self._eyes = eyes
        self._clock = clock
        self._agents = agents
        self._seen: dict[PaneKey, tuple[str, float]] = {}

    async def put_by(self, session: Session, look: Look, press: PressId) -> Look | None:
        """A look at the box without it; None while it has to stay where it is, and then it does.
        The caller holds the pane's lock."""
        spec = self._agents.get(look.reading.agent)
        if spec is None or not spec.keys.stash or look.reading.shell or self._is_put_by(look):
            return None
        if not self._is_still(session.pane, look.reading.draft):
            return None
        result = await self._press(session, look, look, PressId(f"{press}-stash"))
        if result is not Outcome.PRESSED:
            return None
        after = await self._followed(session, self._is_put_by)
        if after is None:
            log.warning("draft.not_put_by", session=session.name)
            return None
        if after.reading.state is State.IDLE and after.reading.composer is Composer.EMPTY:
            return after
        # With a draft in its box Claude Code does not say that it works (2.1.329).
        self._seen[session.pane] = (look.reading.draft, self._clock.monotonic() + LATER)
        await self._bring_back(session, after, press)
        return None

    async def is_back(self, session: Session, draft: str) -> bool:
        return await self._followed(session, lambda look: look.reading.draft == draft) is not None

    def _is_still(self, pane: PaneKey, draft: str) -> bool:
        now = self._clock.monotonic()
        known, since = self._seen.get(pane, ("", now))
        if known != draft:
            self._seen[pane] = (draft, now)
            return False
        return now - since >= STILL_FOR

    def _is_put_by(self, look: Look) -> bool:
        spec = self._agents.get(look.reading.agent)
        rows = look.screen.trimmed()[-ROWS:]
        return spec is not None and any(re.search(spec.stashed_line, row) for row in rows)

    async def _bring_back(self, session: Session, look: Look, press: PressId) -> None:
        for _ in range(TRIES):
            again = await self._eyes.look(session.pane)
            if again is None or again.reading.prompt or not self._is_put_by(again):
                return
            if again.reading.composer is Composer.DRAFT:
                return
            unstash = PressId(f"{press}-unstash")
            if await self._press(session, look, again, unstash) is not Outcome.REFUSED:
                return
            look = again
        log.warning("draft.still_put_by", session=session.name)

    async def _press(self, session: Session, before: Look, look: Look, press: PressId) -> Outcome:
        """Under the rows that do not move: those of a spinner would never be the same."""
        deadline = int(self._clock.now().timestamp()) + KEY_WITHIN
        known = set(before.screen.trimmed()[-ROWS:])
        rows = tuple(row for row in look.screen.trimmed()[-ROWS:] if row in known)
        spec = self._agents[look.reading.agent]
        guard = Guard(press, session.pane, deadline, rows)
        return (await self._keyboard.press(Press(guard, spec.keys.stash))).outcome

    async def _followed(self, session: Session, seen: Callable[[Look], bool]) -> Look | None:
        until = self._clock.monotonic() + FOLLOWS_WITHIN
        while self._clock.monotonic() < until:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._eyes.look(session.pane)
            if look is not None and seen(look):
                return await self._eyes.settled(session.pane, look)
        return None
