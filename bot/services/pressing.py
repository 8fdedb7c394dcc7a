"""Presses the keys of one decision: looks, compares, presses one key, looks again.

Each key has a row in the ledger before it is tried and a marker inside tmux when it went in, so
that a program killed at any point can tell afterwards what happened (see docs/explanation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.core.agent import AgentSpec, Timing
from bot.core.answering import (
    MAX_STEPS,
    TEXT,
    Key,
    may_still_open,
    next_step,
    step_along,
)
from bot.core.approvals import Happening, PromptState, step
from bot.core.errors import Refused, TerminalUnusable
from bot.core.goals import Cancel
from bot.core.hook_replies import by_keys
from bot.core.ids import PressId, PromptId
from bot.core.press import Guard, Outcome, Press, PressResult, Refusal
from bot.core.prompts import Kind, Prompt
from bot.core.records import PressRecord, PressState, PromptRecord
from bot.core.scrolling import joined, way_through, way_to
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.store import Store, Transaction
from bot.services.driving import Drive, asked_in, guarded_rows, why_not
from bot.services.ledger import Ledger
from bot.services.looking import Eyes, Look

log = structlog.get_logger()

EXECUTE_WITHIN = timedelta(seconds=30)
"""From the decision: whatever has not been pressed by then is refused, also after a crash."""
REACTS_WITHIN = 5.0
MOVES_WITHIN = 1.5
LOOK_EVERY = 0.03
MISSES = 3
"""How often in one decision the screen may change just before a key."""
KEY_WITHIN = 5
"""Seconds until a single key's own deadline, checked by tmux."""

FATE_OPEN = frozenset({PressState.ATTEMPTING, PressState.UNKNOWN})
"""The key may have gone in: only the marker in tmux can tell."""

_STATES = {
    Outcome.PRESSED: PressState.APPLIED,
    Outcome.REFUSED: PressState.REFUSED,
    Outcome.UNKNOWN: PressState.UNKNOWN,
}


class Presser:
    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        eyes: Eyes,
        ledger: Ledger,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
    ) -> None:
        self._store = store
        self._keyboard = keyboard
        self._eyes = eyes
        self._ledger = ledger
        self._clock = clock
        self._agents = agents

    async def carry_out(self, record: PromptRecord) -> PromptRecord:
        """Drives a decided prompt to an end; returns its row. The caller holds the pane's lock."""
        decision, decided_at = record.decision, record.decided_at
        if decision is None or decided_at is None:
            raise ValueError("only a decided prompt can be carried out")
        try:
            seen = _on_screen(record)
            aim = by_keys(record.prompt, _as_known(record, seen), decision)
            return await self._drive(Drive(record, seen, aim, decided_at + EXECUTE_WITHIN))
        except Refused as refusal:
            return await self._conclude(record.id, Happening.REFUSE, str(refusal))
        except TerminalUnusable as trouble:
            # The keyboard raises this only when nothing was sent.
            log.warning("press.no_terminal", code=record.code, reason=str(trouble))
            return await self._conclude(record.id, Happening.REFUSE, str(trouble))

    def _agent(self, record: PromptRecord) -> AgentSpec:
        """Keys and timing are the agent's own: without them nothing is pressed."""
        spec = self._agents.get(record.prompt.agent)
        if spec is None:
            raise Refused(f"I don't know which keys an agent “{record.prompt.agent}” takes")
        return spec

    async def _drive(self, drive: Drive) -> PromptRecord:
        spec = self._agent(drive.record)
        await self._let_it_stand(drive.record, spec.timing)
        made = await self._steps_made(drive.record)
        # Taken up again after a restart: our own text may stand in its field already.
        moved = any(row.state is PressState.APPLIED for row in made)
        written = any(row.state is PressState.APPLIED and row.keys == TEXT for row in made)
        done = len(made)
        look = await self._compared(drive, first=not moved)
        known = asked_in(look)
        for number in range(done, done + MAX_STEPS):
            known = joined(known, asked_in(look))
            key = next_step(drive.aim, known, spec.keys, written=written)
            result = await self._press(drive, look, key, number)
            if result.outcome is Outcome.UNKNOWN:
                return await self._lost(drive, key)
            if result.outcome is Outcome.REFUSED and not (
                key.deciding and result.refusal is Refusal.ALREADY_PRESSED
            ):
                look = await self._once_more(drive, key, result)
                continue
            written = written or key.types
            if key.line:
                await self._end_line(drive, look, key.line, spec.keys.enter, number + 1)
            if key.deciding:
                return await self._confirm(drive)
            look = await self._moved(drive, look)
        raise Refused("the dialog did not follow the keys; nothing was chosen")

    async def _once_more(self, drive: Drive, key: Key, result: PressResult) -> Look:
        """What stands there now, after a key that tmux did not let in because the screen had just
        changed: the rest of the same dialog may have been drawn in between, as Gemini (0.61.0)
        does with its footer. Raises Refused."""
        drive.missed.append(key.words)
        if result.refusal is not Refusal.SCREEN_CHANGED or len(drive.missed) > MISSES:
            raise Refused(str(result.refusal or Refusal.SCREEN_CHANGED))
        look = await self._compared(drive)
        if key.deciding:
            async with self._store.transaction() as tx:
                record = await current(tx, drive.record.id)
                again = replace(record, state=step(record.state, Happening.RETRY))
                if not await tx.prompts.replace(again):
                    raise Refused("somebody else changed it at the same moment")
        return look

    async def _end_line(
        self, drive: Drive, before: Look, word: str, enter: bytes, number: int
    ) -> None:
        """Enter, if the word is all that stands behind the question. A program that has taken
        the word alone is past it by now: Enter would answer what it asks next."""
        try:
            look = await self._moved(drive, before)
            prompt = look.reading.prompt
            if prompt is not None and prompt.typed == word:
                await self._press(drive, look, Key(enter, "Enter"), number)
        except (Refused, TerminalUnusable) as trouble:
            log.info("press.no_enter", code=drive.record.code, reason=str(trouble))

    async def see_all_rows(self, record: PromptRecord) -> Prompt:
        """The dialog with all rows of a list that scrolls: the caret goes along it and back, and
        nothing is chosen. ``record.decided_by`` wants to see them. The caller holds the pane's
        lock. Raises Refused, TerminalUnusable."""
        spec = self._agent(record)
        until = self._clock.now() + EXECUTE_WITHIN
        drive = Drive(record, _on_screen(record), Cancel(), until)
        done = len(await self._steps_made(record))
        look = await self._compared(drive)
        known = asked_in(look)
        begun = known.selected
        for number in range(done, done + MAX_STEPS):
            known = joined(known, asked_in(look))
            by = way_through(known) or (way_to(begun, known) if begun else 0)
            if by == 0:
                return known
            key = step_along(by, spec.keys)
            result = await self._press(drive, look, key, number)
            if result.outcome is Outcome.PRESSED:
                look = await self._moved(drive, look)
            else:
                look = await self._once_more(drive, key, result)
        raise Refused("the dialog did not follow the keys; nothing was chosen")

    async def _let_it_stand(self, record: PromptRecord, timing: Timing) -> None:
        age = (self._clock.now() - record.opened_at).total_seconds()
        still_for = timing.launch if record.prompt.kind is Kind.TRUST else timing.dialog
        if age < still_for:
            await self._clock.sleep(still_for - age)

    async def _steps_made(self, record: PromptRecord) -> list[PressRecord]:
        """A key whose fate is open keeps its number: the marker in tmux then lets it in once."""
        async with self._store.snapshot() as tx:
            rows = await tx.presses.of(record.id)
        return [row for row in rows if row.state not in FATE_OPEN]

    async def _compared(self, drive: Drive, *, first: bool = False) -> Look:
        """A fresh look at the very dialog that was decided on; a second one where tmux may have
        held half a redraw. Raises Refused."""
        look = await self._eyes.look(drive.record.pane)
        if look is None or why_not(drive, look, first=first):
            look = await self._eyes.settled(drive.record.pane)
        if look is None:
            raise Refused(str(Refusal.PANE_GONE))
        if why := why_not(drive, look, first=first):
            raise Refused(why)
        return look

    async def _press(self, drive: Drive, look: Look, key: Key, number: int) -> PressResult:
        record = drive.record
        press = PressId(f"{record.id}-{number}")
        now = self._clock.now()
        if now >= drive.until:
            raise Refused(str(Refusal.EXPIRED))
        deadline = min(now + timedelta(seconds=KEY_WITHIN), drive.until)
        row = PressRecord(
            press,
            record.id,
            number,
            key.words,
            record.pane,
            key.deciding,
            int(deadline.timestamp()) + 1,
            PressState.ATTEMPTING,
            now,
        )
        await self._attempt(row)
        lines, above = guarded_rows(look)
        guard = Guard(press, record.pane, row.deadline, lines, above, _cursor_of(look))
        result = await self._keyboard.press(Press(guard, key.data))
        await self._record(row, result, record.decided_by)
        return result

    async def _attempt(self, row: PressRecord) -> None:
        """Before the key: without this row a crash could later be told as 'not pressed'."""
        async with self._store.transaction() as tx:
            if row.id in {known.id for known in await tx.presses.of(row.owner)}:
                await tx.presses.advance(row.id, PressState.ATTEMPTING)
            else:
                await tx.presses.add(row)
            if row.deciding:
                record = await current(tx, PromptId(row.owner))
                attempting = replace(record, state=step(record.state, Happening.ATTEMPT))
                if not await tx.prompts.replace(attempting):
                    raise Refused("somebody else changed it at the same moment")

    async def _record(self, row: PressRecord, result: PressResult, by: str) -> None:
        reason = str(result.refusal or "")
        pressed = result.outcome is Outcome.PRESSED or (result.refusal is Refusal.ALREADY_PRESSED)
        state = PressState.APPLIED if pressed else _STATES[result.outcome]
        async with self._store.transaction() as tx:
            await tx.presses.advance(row.id, state, reason)
            record = await tx.prompts.get(PromptId(row.owner))
            if record is not None:
                outcome = result.outcome.value
                facts = {"press": row.id, "keys": row.keys, "why": reason}
                await self._ledger.note(tx, by, f"key.{outcome}", record, **facts)
                if row.deciding and pressed:
                    await tx.prompts.replace(
                        replace(record, state=step(record.state, Happening.PRESSED))
                    )

    async def _lost(self, drive: Drive, key: Key) -> PromptRecord:
        reason = "tmux went away at that moment"
        happening = Happening.LOSE if key.deciding else Happening.REFUSE
        return await self._conclude(drive.record.id, happening, reason)

    async def _moved(self, drive: Drive, before: Look) -> Look:
        """After a key that decides nothing: wait until the dialog has followed it."""
        until = self._clock.monotonic() + MOVES_WITHIN
        moved: Look | None = None
        while self._clock.monotonic() < until:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._compared(drive)
            if look.reading.prompt == before.reading.prompt:
                continue
            moved = await self._at_rest(drive, look)
            prompt = moved.reading.prompt
            if prompt is None or not may_still_open(
                drive.aim, prompt, self._agent(drive.record).keys
            ):
                return moved
        if moved is not None:
            return moved
        raise Refused("the dialog did not follow the key; nothing was chosen")

    async def _at_rest(self, drive: Drive, look: Look) -> Look:
        """Typed text is drawn in pieces: go on when two looks agree."""
        for _ in range(10):
            await self._clock.sleep(LOOK_EVERY)
            again = await self._compared(drive)
            if again.reading.prompt == look.reading.prompt:
                return again
            look = again
        return look

    async def confirm(self, record: PromptRecord) -> PromptRecord:
        """For an answer that is known to have gone in: by a hook, or before a restart."""
        if record.decision is None:
            raise ValueError("only a decided prompt can be confirmed")
        until = self._clock.now() + EXECUTE_WITHIN
        seen = record.on_screen
        try:
            known = _as_known(record, seen or record.prompt)
            aim = by_keys(record.prompt, known, record.decision)
        except Refused:
            aim = Cancel()  # a hook can say more than keys can
        return await self._confirm(Drive(record, seen, aim, until))

    async def _confirm(self, drive: Drive) -> PromptRecord:
        """The agent must be seen to leave the dialog; what is not seen is not claimed."""
        until = self._clock.monotonic() + REACTS_WITHIN
        gone = 0
        while self._clock.monotonic() < until:
            await self._clock.sleep(LOOK_EVERY)
            try:
                look = await self._eyes.look(drive.record.pane)
            except TerminalUnusable:
                continue
            gone = 0 if look is not None and drive.still_there(look) else gone + 1
            if gone == 2 or look is None:
                return await self._conclude(drive.record.id, Happening.LEFT_SCREEN, "")
        return await self._unconfirmed(drive.record.id)

    async def _unconfirmed(self, prompt: PromptId) -> PromptRecord:
        async with self._store.transaction() as tx:
            record = await current(tx, prompt)
            told = replace(record, closed_at=self._clock.now())
            await tx.prompts.replace(told)
            await self._ledger.note(tx, record.decided_by, "prompt.unconfirmed", record)
            await self._ledger.show_closed(tx, told)
        return replace(told, version=record.version + 1)

    async def _conclude(self, prompt: PromptId, happening: Happening, why: str) -> PromptRecord:
        async with self._store.transaction() as tx:
            record = await current(tx, prompt)
            if record.state in (PromptState.DECIDED, PromptState.ATTEMPTING, PromptState.APPLIED):
                record = await self._ledger.conclude(tx, record, happening, why)
        log.info("prompt.concluded", code=record.code, state=record.state.value, why=why)
        return record


async def current(tx: Transaction, prompt: PromptId) -> PromptRecord:
    record = await tx.prompts.get(prompt)
    if record is None:
        raise Refused("its row is gone from the ledger")
    return record


def _cursor_of(look: Look) -> tuple[int, int] | None:
    """For a line that asks: nothing has been written behind or below it since."""
    prompt, pane = look.reading.prompt, look.screen.pane
    is_line = prompt is not None and prompt.is_line
    return (pane.cursor_x, pane.cursor_y) if is_line else None


def _on_screen(record: PromptRecord) -> Prompt:
    if record.on_screen is None:
        raise Refused("the agent's hook is gone, and no dialog of it is on the screen")
    return record.on_screen


def _as_known(record: PromptRecord, seen: Prompt) -> Prompt:
    """What is off the screen is known, where the agent's own record still tells it: whoever calls
    has asked that."""
    return replace(seen, complete=True) if record.by_record else seen
