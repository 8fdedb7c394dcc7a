"""One text into one input box: pasted, one Enter, and what the agent makes of it.

Each key goes only on the screen that was looked at just before. What is not seen is not claimed,
and nothing is sent a second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import structlog

from bot.core.agent import AgentSpec, Composer, State
from bot.core.decide import TASK
from bot.core.errors import Refused, TerminalUnusable
from bot.core.ids import PaneId, PressId
from bot.core.keys import as_message
from bot.core.lifecycle import Phase
from bot.core.press import Guard, Outcome, Press, PressResult, Refusal
from bot.core.prompts import Kind
from bot.core.records import WAITING, TextRecord, TextState
from bot.core.sessions import Session
from bot.core.text_cards import DRAFT_AWAY, DRAFT_BACK
from bot.core.uptake import holds, picks_another
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.presence import Presence
from bot.ports.store import Store
from bot.services.drafts import Drafts
from bot.services.looking import Eyes, Look
from bot.services.roster import Roster
from bot.services.uptake import Uptake

log = structlog.get_logger()

KEY_WITHIN = 5
ARRIVES_WITHIN = 8.0
"""Seconds for a text to stand in the input box: an agent that computes draws it late."""
ENTER_TRIES = 3
ASKS = 5
"""Looks at a dialog, one after the other, until it is one and no screen that is being drawn."""
LOOK_EVERY = 0.03
LISTED_WITHIN = 0.6
"""Seconds in which an agent draws its list of commands beside one that was typed."""
LISTS = frozenset({Kind.MENU, Kind.UNREADABLE})
TYPES_FOR = timedelta(seconds=3)
"""Since somebody's last key at the terminal: what they type may not be drawn yet, or comes next,
and would be one line with a text of ours. tmux tells it in whole seconds."""
GUARDED_ROWS = 8
"""Rows at the bottom of the screen, the composer among them, that must not change meanwhile."""

_LOST = "tmux went away at that moment"
_IN_THE_WAY = "a dialog came up; it stands in the input box and is sent after that"


class NotNow(Refused):
    """The agent is not at an empty composer; the text can wait."""


class Entered(NamedTuple):
    """How far Enter got, and the last look before it."""

    result: PressResult | None
    """None when the text did not stand there alone."""
    look: Look | None


class Delivering:
    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        eyes: Eyes,
        roster: Roster,
        uptake: Uptake,
        drafts: Drafts,
        presence: Presence,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
    ) -> None:
        self._store = store
        self._keyboard = keyboard
        self._eyes = eyes
        self._roster = roster
        self._uptake = uptake
        self._drafts = drafts
        self._presence = presence
        self._clock = clock
        self._agents = agents

    async def deliver(self, record: TextRecord) -> TextRecord:
        """Raises NotNow, and then Enter has not been pressed."""
        session = self._roster.get(record.session)
        if session is None or session.phase is Phase.ENDED:
            return await self.end(record, TextState.REFUSED, "the session has ended")
        async with self._roster.lock(session.pane):
            now = await self._current(record)
            if now.state not in WAITING:
                return now
            try:
                if now.state is TextState.TYPED:
                    return await self._go_on(session, now)
                return await self._deliver(session, now)
            except TerminalUnusable as trouble:
                return await self._without_terminal(record, str(trouble))

    async def _current(self, record: TextRecord) -> TextRecord:
        async with self._store.snapshot() as tx:
            return await tx.texts.get(record.id) or record

    async def _without_terminal(self, record: TextRecord, trouble: str) -> TextRecord:
        if (await self._current(record)).state in WAITING:
            raise NotNow(trouble)
        return await self.end(record, TextState.UNKNOWN, trouble)

    async def recover(self, record: TextRecord) -> TextRecord | None:
        """Of a text that was going in when the program ended: how that came out, as the marker in
        tmux has it; None when it waits again."""
        session = self._roster.get(record.session)
        marker = None if session is None else await self._marker(session)
        if session is None or marker is None:
            unknown = "the gateway was restarted while it went in: look at the input box"
            return await self.end(record, TextState.UNKNOWN, unknown)
        if marker == press_id(record, "enter"):
            return await self._entered_before(session, record)
        typed = marker == press_id(record, "text")
        await self._set(record, TextState.TYPED if typed else TextState.QUEUED, "")
        return None

    async def _marker(self, session: Session) -> str | None:
        try:
            return await self._keyboard.marker(session.pane)
        except TerminalUnusable as trouble:
            log.warning("text.no_terminal", reason=str(trouble))
            return None

    async def _entered_before(self, session: Session, record: TextRecord) -> TextRecord:
        async with self._roster.lock(session.pane):
            try:
                found = await self._uptake.after_restart(session, _typed(record))
            except TerminalUnusable as trouble:
                return await self.end(record, TextState.UNKNOWN, str(trouble))
        return await self.end(record, found.state, found.reason)

    async def _deliver(self, session: Session, record: TextRecord) -> TextRecord:
        look, draft = await self._at_composer(session, record)
        await self._set(record, TextState.ATTEMPTING, "")
        data = as_message(record.text)
        result = await self._press(session, look, press_id(record, "text"), data, paste=True)
        if result.outcome is Outcome.REFUSED:
            await self._set(record, TextState.QUEUED, "")
            raise NotNow(str(result.refusal))
        if result.outcome is Outcome.UNKNOWN:
            return await self.end(record, TextState.UNKNOWN, _LOST)
        return await self._submit(session, record, draft)

    async def _at_composer(self, session: Session, record: TextRecord) -> tuple[Look, str]:
        """The empty box, and the draft that was put by for that."""
        look = await self._eyes.settled(session.pane)
        if look is None:
            raise NotNow("its pane is gone")
        reading = look.reading
        if reading.prompt is not None:
            raise NotNow("a dialog is open: answer that first")
        if reading.state is State.WORKING:
            raise NotNow("the agent works; it is delivered when it is done")
        if reading.shell:
            raise NotNow("its input box is one for shell commands")
        if reading.composer is Composer.DRAFT:
            empty = await self._drafts.put_by(session, look, press_id(record, "draft"))
            if empty is None:
                raise NotNow("somebody's draft stands in the input box")
            return empty, reading.draft
        if reading.state is not State.IDLE or reading.composer is not Composer.EMPTY:
            raise NotNow("the agent is not at its input box yet")
        if reading.agent not in self._agents:
            raise NotNow("I don't know the keys of the agent there")
        if await self._types(session.pane.pane):
            raise NotNow("somebody types at its terminal; it is delivered after that")
        return look, ""

    async def _types(self, pane: PaneId) -> bool:
        last = (await self._presence.typed()).get(pane)
        return last is not None and self._clock.now() - last < TYPES_FOR

    async def _go_on(self, session: Session, record: TextRecord) -> TextRecord:
        """It was typed, and Enter was not: that follows under the same id once all of the text and
        nothing else stands in the input box of an agent at rest."""
        look = await self._eyes.settled(session.pane)
        if look is None:
            raise NotNow("its pane is gone")
        reading = look.reading
        if reading.prompt is not None:
            raise NotNow(_IN_THE_WAY)
        if reading.state is not State.IDLE:
            raise NotNow("it stands in the input box; Enter follows when the agent is done")
        if reading.composer is Composer.EMPTY:
            why = "it stood in the input box without being sent, and is not there any more"
            return await self.end(record, TextState.UNKNOWN, why)
        if not holds(look.reading, _typed(record)):
            why = "somebody has changed it in the input box; Enter was not pressed"
            return await self.end(record, TextState.UNKNOWN, why)
        await self._set(record, TextState.ATTEMPTING, "")
        return await self._submit(session, record)

    async def _submit(self, session: Session, record: TextRecord, draft: str = "") -> TextRecord:
        """Enter, only while our text (and nothing else) stands in the composer."""
        before = await self._uptake.begin(session)
        result, look = await self._entered(session, record)
        if result is not None and result.outcome is Outcome.UNKNOWN:
            return await self.end(record, TextState.UNKNOWN, _LOST)
        if look is None or result is None or result.outcome is Outcome.REFUSED:
            return await self._not_entered(session, record, result)
        found = await self._uptake.of(session, _typed(record), look, before)
        task = record.text[:TASK]
        await self._roster.change(session.name, lambda now: replace(now, task=task))
        reason = found.reason
        if draft:
            back = await self._drafts.is_back(session, draft)
            reason = f"{reason}; {DRAFT_BACK if back else DRAFT_AWAY}".removeprefix("; ")
        return await self.end(record, found.state, reason)

    async def _not_entered(
        self, session: Session, record: TextRecord, result: PressResult | None
    ) -> TextRecord:
        look = await self._eyes.look(session.pane)
        prompt = None if look is None else look.reading.prompt
        # Claude Code 2.1.197 draws its list of commands below the box, which is then no box to us.
        lists = record.text.startswith("/") and prompt is not None and prompt.kind in LISTS
        if prompt is not None and not lists:
            await self._set(record, TextState.TYPED, "")
            raise NotNow(_IN_THE_WAY)
        why = "the text did not appear whole in the input box; Enter was not pressed"
        if lists or (look is not None and picks_another(look.screen.trimmed(), record.text)):
            why = "Enter was not pressed, which would run another command than this one"
        if result is not None:
            why = f"it stands in the input box, Enter was not pressed: {result.refusal}"
        return await self.end(record, TextState.REFUSED, why)

    async def _entered(self, session: Session, record: TextRecord) -> Entered:
        """A screen that is still being drawn is looked at again: what was refused was not
        pressed."""
        result: PressResult | None = None
        look: Look | None = None
        for _ in range(ENTER_TRIES):
            look = await self._arrived(session, record)
            spec = None if look is None else self._agents.get(look.reading.agent)
            if look is None or spec is None:
                return Entered(result, look)
            enter = press_id(record, "enter")
            result = await self._press(session, look, enter, spec.keys.enter, paste=False)
            if result.refusal is not Refusal.SCREEN_CHANGED:
                break
        return Entered(result, look)

    async def _arrived(self, session: Session, record: TextRecord) -> Look | None:
        """A look at our text in the box, once it has stood there as long as the agent needs."""
        begun = since = self._clock.monotonic()
        before: Look | None = None
        typed = _typed(record)
        asks = 0
        while self._clock.monotonic() < begun + ARRIVES_WITHIN and asks < ASKS:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._eyes.look(session.pane)
            if look is None:
                return None
            asks = asks + 1 if look.reading.prompt is not None else 0
            still = before is not None and before.screen.rows == look.screen.rows
            another = picks_another(look.screen.trimmed(), typed)
            if another or not (still and holds(look.reading, typed)):
                since = self._clock.monotonic()
            elif self._clock.monotonic() - since >= self._pause_of(look, typed):
                return look
            before = look
        return None

    def _pause_of(self, look: Look, typed: str) -> float:
        spec = self._agents.get(look.reading.agent)
        own = 0.0 if spec is None else spec.timing.enter
        return max(own, LISTED_WITHIN) if typed.startswith("/") else own

    async def _press(
        self, session: Session, look: Look, press: PressId, data: bytes, *, paste: bool
    ) -> PressResult:
        deadline = int(self._clock.now().timestamp()) + KEY_WITHIN
        rows = look.screen.trimmed()[-GUARDED_ROWS:]
        above = look.screen.trimmed()[:-GUARDED_ROWS]
        guard = Guard(press, session.pane, deadline, rows, above)
        return await self._keyboard.press(Press(guard, data, paste=paste))

    async def _set(self, record: TextRecord, state: TextState, reason: str) -> None:
        async with self._store.transaction() as tx:
            await tx.texts.advance(record.id, state, reason)

    async def end(
        self, record: TextRecord, state: TextState, reason: str, by: str = ""
    ) -> TextRecord:
        """Its last state, with a row in the audit."""
        async with self._store.transaction() as tx:
            await tx.texts.advance(record.id, state, reason)
            facts = {"event": record.id, "why": reason}
            who = by or record.principal
            event = f"text.{state.value}"
            await tx.audit.append(self._clock.now(), who, event, record.session, facts)
        log.info("text.ended", session=record.session, state=state.value, why=reason)
        return replace(record, state=state, reason=reason)


def press_id(record: TextRecord, step: str) -> PressId:
    """Event ids come from providers; a marker in tmux is made of our own characters only."""
    digest = hashlib.sha256(f"{record.id}".encode()).hexdigest()[:32]
    return PressId(f"{digest}-{step}")


def _typed(record: TextRecord) -> str:
    return as_message(record.text).decode()
