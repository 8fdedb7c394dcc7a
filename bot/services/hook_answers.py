"""Carries a decision out: through the hook that waits for it, else by keys.

A hook says when it has printed the answer. If it ends without that word, the dialog tells: what
still stands after some seconds was not answered, and may be answered by a key; else nobody knows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.core.answering import goal
from bot.core.approvals import Happening, PromptState, step
from bot.core.decisions import Decision
from bot.core.errors import Refused, TerminalUnusable
from bot.core.goals import Cancel, Goal
from bot.core.hook_replies import reply_to
from bot.core.hooks import Json, Reply
from bot.core.ids import PressId
from bot.core.press import Refusal
from bot.core.prompts import Kind, Prompt
from bot.core.records import PressRecord, PressState, PromptRecord
from bot.core.trials import Way
from bot.ports.clock import Clock
from bot.ports.hooks import Passed
from bot.ports.store import Store
from bot.services.driving import still_there
from bot.services.hook_calls import HookCalls, LiveCall
from bot.services.ledger import Ledger
from bot.services.looking import Eyes, Look
from bot.services.pressing import EXECUTE_WITHIN, FATE_OPEN, Presser, current

log = structlog.get_logger()

HOOK = "hook"
"""``PressRecord.keys`` of an answer that goes through a hook, with what it says behind it."""
STAYS = 3.0
"""Seconds after which a dialog that still stands was not answered: an answer closes it in 0.1."""
LOOK_EVERY = 0.1

Doubt = Callable[[PromptRecord, Way], str]
"""What trials say against an answer in that way; empty when nothing."""
Objection = Callable[[PromptRecord], Awaitable[str]]
"""What the agent's own record says against a decision; empty when nothing."""

_STATES = {
    Passed.ON: PressState.APPLIED,
    Passed.NOT: PressState.REFUSED,
    Passed.UNKNOWN: PressState.UNKNOWN,
}


class Carrier:
    def __init__(
        self,
        store: Store,
        calls: HookCalls,
        presser: Presser,
        eyes: Eyes,
        ledger: Ledger,
        clock: Clock,
        doubt: Doubt,
        objection: Objection,
    ) -> None:
        self._store = store
        self._calls = calls
        self._presser = presser
        self._eyes = eyes
        self._ledger = ledger
        self._clock = clock
        self._doubt = doubt
        self._objection = objection

    def doubt(self, record: PromptRecord, decision: Decision) -> str:
        """Why that decision would not be carried out now; empty when there is a way."""
        decided = replace(record, decision=decision)
        live = self._calls.fitting(record)
        if live is not None and self._answer_for(decided, live) is not None:
            return ""
        return self._doubt(decided, Way.PANE)

    def claim(self, record: PromptRecord) -> None:
        """From the decision on: by the time that the pane's lock is free, whoever held it may have
        seen the dialog in other words, or half drawn, and would let its hook go."""
        self._calls.claim(record.call)

    async def carry_out(self, record: PromptRecord) -> PromptRecord:
        """To an end; returns its row. The caller holds the pane's lock."""
        live = await self._calls.coming(record)
        try:
            if live is not None:
                record = await self._by_hook(record, live)
            if record.state is PromptState.DECIDED:
                record = await self._by_keys(record)
        finally:
            self._calls.release(record.call)
            if live is not None:
                self._calls.settle(live)
        return record

    async def _by_keys(self, record: PromptRecord) -> PromptRecord:
        """Also what was meant for a hook that is gone: it proves nothing about keys."""
        if why := self._doubt(record, Way.PANE) or await self._objection(record):
            return await self._conclude(record, Happening.REFUSE, why)
        return await self._presser.carry_out(record)

    async def see_all_rows(self, record: PromptRecord) -> Prompt:
        return await self._presser.see_all_rows(record)

    async def confirm(self, record: PromptRecord) -> PromptRecord:
        return await self._presser.confirm(record)

    async def _by_hook(self, record: PromptRecord, live: LiveCall) -> PromptRecord:
        """Still DECIDED when it cannot be said by the hook, and the hook knows nothing of it."""
        found = self._answer_for(record, live)
        if found is None:
            return record
        reply, document = found
        try:
            why = await self._not_any_more(record)
        except TerminalUnusable as trouble:
            log.warning("hook.blind", reason=str(trouble))
            why = ""  # the agent takes the first answer it gets, be it this one or another
        if why:
            return await self._conclude(record, Happening.REFUSE, why)
        row = await self._attempt(record, reply)
        passed = await live.call.answer(document)
        record = await self._record(record, row, passed)
        match passed:
            case Passed.ON:
                return await self._presser.confirm(record)
            case Passed.UNKNOWN:
                return await self.doubtful(record)
            case Passed.NOT:
                return record

    def _answer_for(self, record: PromptRecord, live: LiveCall) -> tuple[Reply, Json] | None:
        if record.decision is None or self._doubt(record, Way.HOOK):
            return None
        try:
            reply = reply_to(live.asked, record.prompt, record.decision)
        except Refused:
            return None  # said in the same words when keys are tried
        document = None if reply is None else live.spec.answer_hook(live.asked, reply)
        return None if reply is None or document is None else (reply, document)

    async def _not_any_more(self, record: PromptRecord) -> str:
        """Why it must not be answered now; empty when all is as it was. Whoever has answered at
        the terminal has the first word, and a hook would not say that ours came too late."""
        decided_at = record.decided_at
        if decided_at is None or self._clock.now() >= decided_at + EXECUTE_WITHIN:
            return str(Refusal.EXPIRED)
        seen = record.on_screen
        if seen is None:
            return ""
        why = _changed(record, seen, await self._eyes.look(record.pane))
        if why:  # or tmux held half a redraw
            why = _changed(record, seen, await self._eyes.settled(record.pane))
        return why

    async def _attempt(self, record: PromptRecord, reply: Reply) -> PressRecord:
        """Before the answer: without this row a crash could later be told as 'not answered'."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            number = len(await tx.presses.of(record.id))
            row = PressRecord(
                PressId(f"{record.id}-{number}"),
                record.id,
                number,
                f"{HOOK}: {type(reply).__name__.lower()}",
                record.pane,
                deciding=True,
                deadline=int((now + EXECUTE_WITHIN).timestamp()),
                state=PressState.ATTEMPTING,
                at=now,
            )
            await tx.presses.add(row)
            known = await current(tx, record.id)
            attempting = replace(known, state=step(known.state, Happening.ATTEMPT))
            if not await tx.prompts.replace(attempting):
                raise Refused("somebody else changed it at the same moment")
        return row

    async def _record(
        self, record: PromptRecord, row: PressRecord, passed: Passed
    ) -> PromptRecord:
        happening = {Passed.ON: Happening.PRESSED, Passed.NOT: Happening.RETRY}.get(passed)
        async with self._store.transaction() as tx:
            await tx.presses.advance(row.id, _STATES[passed])
            known = await current(tx, record.id)
            await self._ledger.note(
                tx, known.decided_by, f"hook.{passed.value}", known, press=row.id, keys=row.keys
            )
            if happening is None:
                return known
            moved = replace(known, state=step(known.state, happening))
            await tx.prompts.replace(moved)
        return replace(moved, version=known.version + 1)

    async def answered_by_hook(self, record: PromptRecord) -> bool:
        async with self._store.snapshot() as tx:
            rows = await tx.presses.of(record.id)
        return any(row.keys.startswith(HOOK) and row.state is PressState.APPLIED for row in rows)

    # When nobody knows

    async def was_by_hook(self, record: PromptRecord) -> bool:
        """Whether an answer through a hook was on its way when the program ended."""
        async with self._store.snapshot() as tx:
            rows = await tx.presses.of(record.id)
        return any(row.keys.startswith(HOOK) and row.state in FATE_OPEN for row in rows)

    async def doubtful(self, record: PromptRecord) -> PromptRecord:
        """DECIDED again when the dialog proves that the agent was not answered."""
        why = "the agent's hook ended before it said that it had passed the answer on"
        if not await self._stands(record):
            return await self._conclude(record, Happening.LOSE, why)
        async with self._store.transaction() as tx:
            for row in await tx.presses.of(record.id):
                if row.state in FATE_OPEN:
                    await tx.presses.advance(row.id, PressState.REFUSED, "the dialog still stood")
            known = await current(tx, record.id)
            again = replace(known, state=step(known.state, Happening.RETRY))
            await tx.prompts.replace(again)
            await self._ledger.note(tx, known.decided_by, "hook.not_taken", again)
        return replace(again, version=known.version + 1)

    async def _stands(self, record: PromptRecord) -> bool:
        seen = record.on_screen
        if seen is None or seen.kind is Kind.UNREADABLE:
            return False
        until = self._clock.monotonic() + STAYS
        gone = 0
        while self._clock.monotonic() < until:
            await self._clock.sleep(LOOK_EVERY)
            try:
                look = await self._eyes.look(record.pane)
            except TerminalUnusable:
                return False
            there = look is not None and still_there(seen, look, Cancel())
            gone = 0 if there else gone + 1
            if gone == 2:
                return False
        return gone == 0

    async def _conclude(
        self, record: PromptRecord, happening: Happening, why: str
    ) -> PromptRecord:
        async with self._store.transaction() as tx:
            known = await current(tx, record.id)
            ended = await self._ledger.conclude(tx, known, happening, why)
        log.info("prompt.concluded", code=ended.code, state=ended.state.value, why=why)
        return ended


def _changed(record: PromptRecord, seen: Prompt, look: Look | None) -> str:
    if look is None:
        return str(Refusal.PANE_GONE)
    if look.reading.prompt is None:
        return "the dialog is gone"
    return "" if still_there(seen, look, _aim(record)) else str(Refusal.SCREEN_CHANGED)


def _aim(record: PromptRecord) -> Goal:
    """What must stand there to the letter: the row that grants, where it was chosen."""
    try:
        return Cancel() if record.decision is None else goal(record.prompt, record.decision)
    except Refused:
        return Cancel()  # a hook can say more than keys can
