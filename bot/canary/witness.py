"""How an answer of a trial went: by what the trial's own gateway has written down of it."""

from __future__ import annotations

from bot.core.ids import Code
from bot.core.records import PressState
from bot.core.trials import Way
from bot.ports.store import Store
from bot.services.hook_answers import HOOK


class Witness:
    def __init__(self, store: Store) -> None:
        """``store``: the gateway's ledger; it is only read."""
        self._store = store

    async def heard_by_hook(self, code: str) -> bool:
        """Whether the agent's hook has told of that prompt, too."""
        async with self._store.snapshot() as tx:
            record = await tx.prompts.by_code(Code(code))
        return record is not None and bool(record.call)

    async def begun(self) -> frozenset[int]:
        """The process ids of the panes of all its sessions, ended ones too."""
        async with self._store.snapshot() as tx:
            return frozenset(session.pane.pid for session in await tx.sessions.all())

    async def went(self, code: str) -> Way | None:
        """The one way in which it was answered; None when nothing went, or keys and a hook."""
        async with self._store.snapshot() as tx:
            record = await tx.prompts.by_code(Code(code))
            rows = () if record is None else await tx.presses.of(record.id)
        ways = {
            Way.HOOK if row.keys.startswith(HOOK) else Way.PANE
            for row in rows
            if row.state in (PressState.APPLIED, PressState.UNKNOWN)
        }
        return ways.pop() if len(ways) == 1 else None
