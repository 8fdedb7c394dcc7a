"""After a crash: what was on its way is brought to an end, or said to be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.core.approvals import Happening, PromptState, step
from bot.core.errors import TerminalUnusable
from bot.core.ids import PaneKey
from bot.core.records import PressState, PromptRecord
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.store import Store
from bot.services.approvals import Approvals
from bot.services.hook_answers import Carrier
from bot.services.ledger import Ledger
from bot.services.pressing import EXECUTE_WITHIN, FATE_OPEN
from bot.services.roster import Roster

log = structlog.get_logger()

TRIES = 5
"""How often, a second apart, a tmux that does not answer is asked what went in."""

OVERDUE = EXECUTE_WITHIN + timedelta(seconds=30)
"""No decision that somebody still works on is as old as that."""

_UNFINISHED = frozenset({PromptState.DECIDED, PromptState.ATTEMPTING, PromptState.APPLIED})


class Recovery:
    """Runs before anything is received or looked at."""

    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        roster: Roster,
        ledger: Ledger,
        carrier: Carrier,
        approvals: Approvals,
        clock: Clock,
    ) -> None:
        self._store = store
        self._keyboard = keyboard
        self._roster = roster
        self._ledger = ledger
        self._carrier = carrier
        self._approvals = approvals
        self._clock = clock

    async def run(self) -> int:
        """How many decisions were still on their way."""
        return await self._finish(await self._unfinished())

    async def overdue(self) -> int:
        """Ends decisions that broke off while the program went on, as when the database could
        not be written for a while; how many."""
        before = self._clock.now() - OVERDUE
        found = await self._unfinished()
        return await self._finish([r for r in found if r.decided_at and r.decided_at < before])

    async def _unfinished(self) -> list[PromptRecord]:
        async with self._store.snapshot() as tx:
            found = await tx.prompts.in_states(_UNFINISHED)
        return [record for record in found if record.closed_at is None]

    async def _finish(self, records: Sequence[PromptRecord]) -> int:
        for record in records:
            async with self._roster.lock(record.pane):
                ended = await self._resume(record)
                await self._approvals.let_go(ended)
            log.info("recovery.prompt", code=record.code, state=ended.state.value)
        return len(records)

    async def _resume(self, record: PromptRecord) -> PromptRecord:
        try:
            marker = await self._marker(record.pane)
        except TerminalUnusable as trouble:
            return await self._give_up(record, str(trouble))
        if marker is None:
            return await self._give_up(record, "the pane was gone when the gateway came back")
        if record.state is PromptState.ATTEMPTING and await self._carrier.was_by_hook(record):
            record = await self._carrier.doubtful(record)
            return record if record.closed_at else await self._carrier.carry_out(record)
        record = await self._reconcile(record, marker)
        if record.state is PromptState.APPLIED:
            return await self._carrier.confirm(record)
        return await self._carrier.carry_out(record)

    async def _marker(self, pane: PaneKey) -> str | None:
        """Raises TerminalUnusable when tmux does not answer for a while."""
        for _ in range(TRIES - 1):
            try:
                return await self._keyboard.marker(pane)
            except TerminalUnusable as trouble:
                log.warning("recovery.no_terminal", reason=str(trouble))
                await self._clock.sleep(1.0)
        return await self._keyboard.marker(pane)

    async def _give_up(self, record: PromptRecord, why: str) -> PromptRecord:
        """Nobody can tell any more: said as it is, by what the ledger knows."""
        happening = {
            PromptState.DECIDED: Happening.REFUSE,
            PromptState.ATTEMPTING: Happening.LOSE,
            PromptState.APPLIED: Happening.PANE_GONE,
        }[record.state]
        async with self._store.transaction() as tx:
            return await self._ledger.conclude(tx, record, happening, why)

    async def _reconcile(self, record: PromptRecord, marker: str) -> PromptRecord:
        """The marker in tmux says which key went in last; the ledger follows it."""
        async with self._store.transaction() as tx:
            for row in await tx.presses.of(record.id):
                if row.state in FATE_OPEN and row.id == marker:
                    await tx.presses.advance(row.id, PressState.APPLIED, "seen after a restart")
            if record.state is not PromptState.ATTEMPTING:
                return record
            presses = await tx.presses.of(record.id)
            pressed = any(p.deciding and p.state is PressState.APPLIED for p in presses)
            happening = Happening.PRESSED if pressed else Happening.RETRY
            found = replace(record, state=step(record.state, happening))
            await tx.prompts.replace(found)
            await self._ledger.note(
                tx, "recovery", f"prompt.{happening.value}", found, marker=marker
            )
        return replace(found, version=record.version + 1)
