"""What an agent's own record says of a dialog that is not all in sight.

Asked only of such dialogs, and beside everything else: a few small files and the end of a large
one are read, each time anew, so nothing has to be remembered over a restart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.core.agent import AgentSpec
from bot.core.decisions import Verdict
from bot.core.events import Observed
from bot.core.hooks import Asked
from bot.core.ids import PaneKey
from bot.core.keeping import Keeping, Place
from bot.core.prompts import Prompt
from bot.core.records import PromptRecord
from bot.core.written import NOTHING_WRITTEN, completed, may_be_completed, written_of
from bot.ports.accounts import Accounts
from bot.services.hook_calls import HookCalls
from bot.services.roster import Roster

log = structlog.get_logger()

TRY_AGAIN, TRIES = 0.5, 20
"""Seconds between two readings of a record that has no call yet, and how many there are: Claude
Code 2.1.197 and 2.1.329 mostly write it down just before they draw the dialog, and sometimes
seconds later."""
HELPERS = 32
"""Whose records are read beside the agent's: those that were written last."""
ANOTHER = "by the agent's own record it asks something else than the card shows"
UNPROVED = "the agent's own record does not tell any more what is off the screen"


class Recalling:
    def __init__(
        self,
        accounts: Accounts,
        roster: Roster,
        calls: HookCalls,
        agents: Mapping[str, AgentSpec],
    ) -> None:
        self._accounts = accounts
        self._roster = roster
        self._calls = calls
        self._agents = agents
        self._tried: Counter[PaneKey] = Counter()
        """Panes whose dialog is not told of yet, and how often that was asked."""

    async def beside(self, pane: PaneKey, seen: Observed) -> Observed:
        """What was seen, with what else the agent tells: by hooks that wait, or by its record."""
        seen = self._calls.with_asked(pane, seen)
        shown = seen.reading.prompt
        if shown is None or seen.asked or not may_be_completed(shown):
            self._tried.pop(pane, None)
            return seen
        written = written_of(shown, await self._waiting(pane, shown))
        self._tried[pane] += 1
        if written != NOTHING_WRITTEN:
            del self._tried[pane]
        found = "call" if written.asked else "another call" if written.other else "nothing"
        log.info("record.read", pane=pane.pane, found=found)
        return replace(seen, written=written)

    def hopes(self, pane: PaneKey) -> bool:
        """Its record may be written in a moment: it is worth another look."""
        return 0 < self._tried[pane] < TRIES

    async def objection(self, record: PromptRecord) -> str:
        """Why what was decided may not be done to the dialog, whose hidden part a person knows
        from the agent's record alone; empty when that still says the same."""
        shown = record.shown
        if shown is None or not record.by_record:
            return ""
        asked = written_of(shown, await self._waiting(record.pane, shown)).asked
        if asked is not None:
            return "" if completed(shown, asked)[1] == record.fingerprint else ANOTHER
        denies = record.decision is not None and record.decision.verdict is Verdict.DENY
        return "" if denies else UNPROVED

    async def _waiting(self, pane: PaneKey, shown: Prompt) -> tuple[Asked, ...]:
        spec = self._agents.get(shown.agent)
        keeping = None if spec is None else spec.keeping
        if keeping is None:
            return ()
        place = await self._place(pane, keeping)
        if place is None:
            return ()
        for path in place.settings:
            if keeping.rewrites(await self._accounts.read(path)):
                return ()
        helpers = await self._accounts.newest(place.helpers, HELPERS) if place.helpers else ()
        found: list[Asked] = []
        for path in (place.transcript, *helpers):
            found += keeping.waiting(await self._accounts.since(path, 0))
        return tuple(found)

    async def _place(self, pane: PaneKey, keeping: Keeping) -> Place | None:
        """Of the only such agent in that pane; None also where there are two."""
        session = self._roster.on(pane)
        known = "" if session is None else session.transcript
        found: list[Place | None] = []
        for process in await self._accounts.family(pane.pid, keeping.variables):
            path = keeping.account(process)
            if account := await self._accounts.read(path) if path else "":
                found.append(keeping.place(process, account, known))
        return found[0] if len(found) == 1 else None
