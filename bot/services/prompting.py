"""Texts to agents: delivered only to a composer that is seen to be empty, else queued and said."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.core.agent import AgentSpec, Composer, State
from bot.core.answering import squeezed
from bot.core.decide import TASK
from bot.core.decisions import Principal
from bot.core.errors import Refused, TerminalUnusable
from bot.core.ids import EventId, PressId
from bot.core.keys import as_message, typable
from bot.core.lifecycle import Phase
from bot.core.notices import Notice, NoticeKind, Part, PartStyle
from bot.core.press import Guard, Outcome, Press, PressResult, Refusal
from bot.core.records import ON_ITS_WAY, TextRecord, TextState
from bot.core.sessions import Session
from bot.core.visible import reveal
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.ports.store import Store
from bot.services.looking import Eyes, Look
from bot.services.notifier import Notifier
from bot.services.roster import Roster
from bot.services.wake import Bell

log = structlog.get_logger()

QUEUED_FOR = timedelta(minutes=30)
KEY_WITHIN = 5
ARRIVES_WITHIN = 2.0
ENTER_TRIES = 3
ACCEPTED_WITHIN = 3.0
LOOK_EVERY = 0.03
GUARDED_ROWS = 8
"""Rows at the bottom of the screen, the composer among them, that must not change meanwhile."""

SCROLLED = 200
"""Characters of a text's end that are proof enough when an input box shows only its end."""

_WAITING = frozenset({TextState.QUEUED})


class NotNow(Refused):
    """The agent is not at an empty composer; the text can wait."""


class Prompting:
    def __init__(
        self,
        store: Store,
        keyboard: Keyboard,
        eyes: Eyes,
        roster: Roster,
        notifier: Notifier,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._keyboard = keyboard
        self._eyes = eyes
        self._roster = roster
        self._notifier = notifier
        self._clock = clock
        self._agents = agents
        self._changed = changed
        self._told: set[EventId] = set()
        """Texts whose sender waits for the receipt right now."""
        self._may_wait = True
        """Texts are queued, as far as is known: without any, nothing need be read at each ring."""
        self.bell = Bell(clock)

    async def tell(
        self, session: Session, text: str, principal: Principal, event: EventId
    ) -> Notice:
        """Delivers now if it can, else queues; the reply is the receipt. Raises Refused."""
        if not typable(text).strip():
            raise Refused("there is nothing to send")
        self.check(session)
        self._told.add(event)
        try:
            return await self._tell(await self._queue(session, text, principal, event))
        finally:
            self._told.discard(event)
            self.bell.ring()

    def check(self, session: Session) -> None:
        """Raises Refused where no agent could take a text at all."""
        if session.phase is Phase.ENDED:
            raise Refused(f"session '{session.name}' has ended")
        if session.phase is Phase.SHELL:
            raise Refused(
                f"no agent is in the foreground of session '{session.name}': "
                "a text would be run by the shell there"
            )

    async def _tell(self, record: TextRecord) -> Notice:
        if record.state not in ON_ITS_WAY:
            return self._receipt(record, "")
        before = await self._ahead_of(record)
        if before:
            return self._receipt(record, "other texts are before it", before)
        try:
            return self._receipt(await self._deliver(record), "")
        except NotNow as why:
            return self._receipt(record, str(why))

    async def _queue(
        self, session: Session, text: str, principal: Principal, event: EventId
    ) -> TextRecord:
        now = self._clock.now()
        record = TextRecord(
            id=event,
            session=session.name,
            text=text,
            principal=principal.id,
            channel=principal.channel,
            address=principal.address,
            state=TextState.QUEUED,
            queued_at=now,
            expires_at=now + QUEUED_FOR,
        )
        async with self._store.transaction() as tx:
            if not await tx.texts.add(record):
                return await tx.texts.get(event) or record
            digest = hashlib.sha256(text.encode()).hexdigest()
            facts = {"event": event, "sha256": digest, "length": len(text)}
            await tx.audit.append(now, principal.id, "text.queued", session.name, facts)
        self._may_wait = True
        return record

    async def _ahead_of(self, record: TextRecord) -> int:
        async with self._store.snapshot() as tx:
            waiting = await tx.texts.in_states(_WAITING)
        same = [text for text in waiting if text.session == record.session]
        return next((n for n, text in enumerate(same) if text.id == record.id), 0)

    async def run(self) -> None:
        """Delivers what is queued whenever something changed, and reports what expired."""
        while True:
            await self.bell.wait(5.0 if self._may_wait else None)
            if self._may_wait:
                await self.deliver_waiting()

    async def deliver_waiting(self) -> None:
        self._may_wait = False  # before it is read: one that comes in meanwhile is not forgotten
        async with self._store.snapshot() as tx:
            waiting = await tx.texts.in_states(_WAITING)
        self._may_wait = self._may_wait or bool(waiting)
        queues: defaultdict[str, list[TextRecord]] = defaultdict(list)
        for record in waiting:
            queues[record.session].append(record)
        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                group.create_task(self._deliver_queue(queue))

    async def _deliver_queue(self, queue: Sequence[TextRecord]) -> None:
        """One session's texts, in order; sessions do not wait for each other."""
        for record in queue:
            if record.id in self._told:
                return
            if record.expires_at <= self._clock.now():
                why = "nobody was at the composer in time"
                await self._report(await self._end(record, TextState.EXPIRED, why))
                continue
            try:
                await self._report(await self._deliver(record))
            except NotNow:
                return

    async def recover(self) -> None:
        """Texts that were going in when the program ended: the marker in tmux says how far."""
        async with self._store.snapshot() as tx:
            records = await tx.texts.in_states(frozenset({TextState.ATTEMPTING}))
        for record in records:
            marker = await self._marker(record)
            if marker == _press_id(record, "enter"):
                await self._report(await self._end(record, TextState.DELIVERED, ""))
            elif marker is not None and marker != _press_id(record, "text"):
                await self._set(record, TextState.QUEUED, "")
            else:
                await self._report(await self._go_on(record))

    async def _go_on(self, record: TextRecord) -> TextRecord:
        """Typed before the program ended, and Enter was not: it follows under the same id, if all
        of the text and nothing else stands in the input box. What waits behind it would wait for
        somebody to empty that."""
        unknown = "the gateway was restarted while it went in: look at the input box"
        session = self._roster.get(record.session)
        if session is None or await self._marker(record) is None:
            return await self._end(record, TextState.UNKNOWN, unknown)
        async with self._roster.lock(session.pane):
            try:
                if await self._arrived(session, record) is None:
                    return await self._end(record, TextState.UNKNOWN, unknown)
                return await self._submit(session, record)
            except TerminalUnusable as trouble:
                return await self._end(record, TextState.UNKNOWN, str(trouble))

    async def _marker(self, record: TextRecord) -> str | None:
        session = self._roster.get(record.session)
        try:
            return None if session is None else await self._keyboard.marker(session.pane)
        except TerminalUnusable as trouble:
            log.warning("text.no_terminal", reason=str(trouble))
            return None

    async def _deliver(self, record: TextRecord) -> TextRecord:
        """Raises NotNow, and then nothing has been typed."""
        session = self._roster.get(record.session)
        if session is None or session.phase is Phase.ENDED:
            return await self._end(record, TextState.REFUSED, "the session has ended")
        async with self._roster.lock(session.pane):
            try:
                return await self._deliver_locked(session, record)
            except TerminalUnusable as trouble:
                return await self._without_terminal(record, str(trouble))

    async def _without_terminal(self, record: TextRecord, trouble: str) -> TextRecord:
        async with self._store.snapshot() as tx:
            now = await tx.texts.get(record.id) or record
        if now.state is TextState.QUEUED:
            raise NotNow(trouble)
        return await self._end(record, TextState.UNKNOWN, trouble)

    async def _deliver_locked(self, session: Session, record: TextRecord) -> TextRecord:
        async with self._store.snapshot() as tx:
            now = await tx.texts.get(record.id)
        if now is not None and now.state is not TextState.QUEUED:
            return now
        look = await self._at_composer(session)
        await self._set(record, TextState.ATTEMPTING, "")
        data = as_message(record.text)
        result = await self._press(session, look, _press_id(record, "text"), data, paste=True)
        if result.outcome is Outcome.REFUSED:
            await self._set(record, TextState.QUEUED, "")
            raise NotNow(str(result.refusal))
        if result.outcome is Outcome.UNKNOWN:
            return await self._end(record, TextState.UNKNOWN, "tmux went away at that moment")
        return await self._submit(session, record)

    async def _at_composer(self, session: Session) -> Look:
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
            raise NotNow("somebody's draft stands in the input box")
        if reading.state is not State.IDLE or reading.composer is not Composer.EMPTY:
            raise NotNow("the agent is not at its input box yet")
        if reading.agent not in self._agents:
            raise NotNow("I don't know the keys of the agent there")
        return look

    async def _submit(self, session: Session, record: TextRecord) -> TextRecord:
        """Enter, only while our text (and nothing else) stands in the composer."""
        result = await self._entered(session, record)
        if result is None:
            why = "the text did not appear whole in the input box; Enter was not pressed"
            return await self._end(record, TextState.REFUSED, why)
        if result.outcome is Outcome.UNKNOWN:
            return await self._end(record, TextState.UNKNOWN, "tmux went away at that moment")
        if result.outcome is Outcome.REFUSED:
            why = f"it stands in the input box, Enter was not pressed: {result.refusal}"
            return await self._end(record, TextState.REFUSED, why)
        why = await self._accepted(session)
        task = record.text[:TASK]
        await self._roster.change(session.name, lambda now: replace(now, task=task))
        state = TextState.UNKNOWN if why else TextState.DELIVERED
        return await self._end(record, state, why)

    async def _entered(self, session: Session, record: TextRecord) -> PressResult | None:
        """None when the text does not stand there alone. A screen that is still being drawn is
        looked at again: what was refused was not pressed."""
        result: PressResult | None = None
        for _ in range(ENTER_TRIES):
            look = await self._arrived(session, record)
            spec = None if look is None else self._agents.get(look.reading.agent)
            if look is None or spec is None:
                return result
            enter = _press_id(record, "enter")
            result = await self._press(session, look, enter, spec.keys.enter, paste=False)
            if result.refusal is not Refusal.SCREEN_CHANGED:
                break
        return result

    async def _arrived(self, session: Session, record: TextRecord) -> Look | None:
        """A look at our text in the box, once it has stood there as long as the agent needs."""
        begun = since = self._clock.monotonic()
        before: Look | None = None
        typed = as_message(record.text).decode()
        while self._clock.monotonic() < begun + ARRIVES_WITHIN:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._eyes.look(session.pane)
            if look is None:
                return None
            if not (_holds(look, typed) and before and before.screen.rows == look.screen.rows):
                since = self._clock.monotonic()
            elif self._clock.monotonic() - since >= self._pause_of(look):
                return look
            before = look
        return None

    def _pause_of(self, look: Look) -> float:
        spec = self._agents.get(look.reading.agent)
        return 0.0 if spec is None else spec.timing.enter

    async def _accepted(self, session: Session) -> str:
        """Empty when the text has left the input box, else what is known instead."""
        until = self._clock.monotonic() + ACCEPTED_WITHIN
        while self._clock.monotonic() < until:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._eyes.look(session.pane)
            if look is None:
                return "Enter was pressed, then its pane was gone"
            if look.reading.composer is not Composer.DRAFT:
                return ""
        return "it stands in the input box, but the agent did not take it"

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

    async def _end(self, record: TextRecord, state: TextState, reason: str) -> TextRecord:
        async with self._store.transaction() as tx:
            await tx.texts.advance(record.id, state, reason)
            facts = {"event": record.id, "why": reason}
            await tx.audit.append(
                self._clock.now(), record.principal, f"text.{state.value}", record.session, facts
            )
        log.info("text.ended", session=record.session, state=state.value, why=reason)
        return replace(record, state=state, reason=reason)

    async def _report(self, record: TextRecord) -> None:
        """To whoever sent it: the receipt of a text that had been queued."""
        async with self._store.transaction() as tx:
            key = f"text:{record.id}:{record.state.value}"
            to = (record.channel, record.address)
            await self._notifier.reply(tx, key, to, self._receipt(record, ""))
        self._changed()

    def _receipt(self, record: TextRecord, why: str, before: int = 0) -> Notice:
        name = record.session
        titles = {
            TextState.DELIVERED: f"✓ Delivered to '{name}'",
            TextState.ATTEMPTING: f"… On its way to '{name}'",
            TextState.QUEUED: f"⏳ Queued for '{name}' (position {before + 1}): {why}",
            TextState.EXPIRED: f"⌛ Not delivered to '{name}': {record.reason}",
            TextState.UNKNOWN: f"⚠️ Not known whether '{name}' got it: {record.reason}",
        }
        title = titles.get(record.state, f"⚠️ Not delivered to '{name}': {record.reason}")
        text = record.text if len(record.text) <= 200 else record.text[:199] + "…"
        parts = (Part(reveal(text), PartStyle.QUOTE),)
        return Notice(NoticeKind.REPLY, title, parts, session=name)


def _press_id(record: TextRecord, step: str) -> PressId:
    """Event ids come from providers; a marker in tmux is made of our own characters only."""
    digest = hashlib.sha256(f"{record.id}".encode()).hexdigest()[:32]
    return PressId(f"{digest}-{step}")


def _holds(look: Look, text: str) -> bool:
    """Whether the composer holds our text: whole, or as the agent's note of a long paste."""
    reading = look.reading
    if reading.prompt is not None or reading.composer is not Composer.DRAFT or reading.shell:
        return False
    draft, ours = squeezed(reading.draft), squeezed(text)
    scrolled = len(draft) >= SCROLLED and ours.endswith(draft)
    return draft == ours or scrolled or draft.startswith("[Pastedtext")
