"""Steps of sessions: decided by the core, written in one transaction, then told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.core.decide import decide
from bot.core.effects import Effect
from bot.core.events import Event
from bot.core.ids import PaneKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.ports.store import Store
from bot.services.ledger import Ledger
from bot.services.roster import Roster

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Step:
    before: Session
    after: Session
    effects: tuple[Effect, ...]


class Advancer:
    def __init__(
        self,
        store: Store,
        roster: Roster,
        ledger: Ledger,
        changed: Callable[[], None],
        begun: Callable[[Session], None] = lambda _: None,
    ) -> None:
        """``begun`` hears of sessions that set to work on a task."""
        self._begun = begun
        self._store = store
        self._roster = roster
        self._ledger = ledger
        self._changed = changed
        self._met: set[PaneKey] = set()
        """At the first look after a restart it is not known when what is there was drawn."""
        self.stepped: Callable[[Step], None] = lambda step: None
        """Is told of each step when all is written."""

    async def advance(self, events: Mapping[SessionName, Event]) -> Sequence[Step]:
        """What was done: nothing for sessions that are not there any more. The caller holds the
        panes' locks."""
        done: list[Step] = []
        async with self._store.transaction() as tx:
            for name, event in events.items():
                # Within the transaction: nobody else changes the session from here on.
                before = self._roster.get(name)
                if before is None or before.phase is Phase.ENDED:
                    continue
                after, effects = decide(before, event)
                if effects or before.pane in self._met:
                    after = replace(after, last_activity=event.at)
                self._met.add(before.pane)
                done.append(Step(before, await self._ledger.apply(tx, after, effects), effects))
        for step in done:
            self._roster.publish(step.after)
            self.stepped(step)
            if step.after.task_at != step.before.task_at:
                self._begun(step.after)
            if step.after.phase is Phase.ENDED:
                self._met.discard(step.after.pane)
            if step.effects:
                log.info("session.changed", session=step.after.name, state=step.after.state.value)
        self._changed()
        return done
