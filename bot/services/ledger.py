"""Carries the core's effects into the store: one transaction per step, cards included."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.core.approvals import TABLE, Happening, PromptState, step
from bot.core.cards import (
    closed_card,
    prompt_card,
    session_topic,
    topic_of,
    urgency_of,
)
from bot.core.codes import new_code
from bot.core.concerns import SERVER_GONE, ended_card, has_agent
from bot.core.effects import (
    ClosePrompt,
    Effect,
    JoinPrompt,
    OpenPrompt,
    ReportDispute,
    ReportPhase,
    ReportSignal,
)
from bot.core.hook_cards import dispute_card
from bot.core.ids import Fingerprint, PromptId
from bot.core.lifecycle import Phase
from bot.core.notices import Notice, NoticeKind, Part, Urgency
from bot.core.prompts import Prompt, squeezed
from bot.core.records import Delivery, PromptRecord
from bot.core.redraws import READ_WITHIN, SETTLES_WITHIN, is_redraw
from bot.core.sessions import Session
from bot.core.signal_cards import signal_card
from bot.core.signals import SignalKind
from bot.ports.clock import Clock
from bot.ports.store import Transaction
from bot.services.aftermath import Finished
from bot.services.notifier import Notifier

CODE_REST = timedelta(hours=24)
"""How long a short code stays unused after its prompt was opened."""


class Ledger:
    def __init__(
        self,
        notifier: Notifier,
        clock: Clock,
        rng: random.Random,
        remind: Callable[[], timedelta],
        attach: Callable[[str], str] = lambda _: "",
        finished: Callable[[Finished], None] = lambda _: None,
    ) -> None:
        """``remind``: the time to the first reminder; ``attach``: from tmux's name of a session
        to what shows it at the machine; ``finished`` hears of tasks that are done."""
        self._finished = finished
        self._attach = attach
        self._notifier = notifier
        self._clock = clock
        self._rng = rng
        self._remind = remind
        self._redrawn: dict[PromptId, datetime] = {}

    async def apply(self, tx: Transaction, session: Session, effects: Sequence[Effect]) -> Session:
        """The session as it then is, its row written."""
        session, effects = await self._draw_again(tx, session, effects)
        for number, effect in enumerate(effects):
            match effect:
                case OpenPrompt():
                    session = await self._open(tx, session, effect)
                case JoinPrompt():
                    await self._join(tx, effect)
                case ReportDispute():
                    await self._dispute(tx, session, effect)
                case ClosePrompt():
                    await self._close(tx, effect)
                case ReportSignal():
                    await self._signal(tx, session, effect, number)
                case ReportPhase():
                    await self._phase(tx, session, effect)
                case _:
                    assert_never(effect)
        await tx.sessions.put(session)
        return session

    async def _draw_again(
        self, tx: Transaction, session: Session, effects: Sequence[Effect]
    ) -> tuple[Session, Sequence[Effect]]:
        """What the agent only drew once more keeps its row and its code: the card is changed."""
        match effects:
            case [ClosePrompt(row, Happening.REPLACED), OpenPrompt() as opened, *others]:
                record = await tx.prompts.get(row)
            case _:
                return session, effects
        if record is None or not self._is_redraw(record, opened):
            return session, effects
        await self._put_anew(
            tx, record, opened.prompt, opened.fingerprint, opened.call, opened.shown
        )
        self._redrawn = {record.id: self._clock.now()}
        return replace(session, epoch=record.epoch, prompt=record.id), others

    def _is_redraw(self, record: PromptRecord, opened: OpenPrompt) -> bool:
        is_new = self._clock.now() - record.opened_at < SETTLES_WITHIN
        before, after = record.shown or record.prompt, opened.shown or opened.prompt
        same = is_redraw(before, after) and (
            not record.by_record or is_redraw(record.prompt, opened.prompt)
        )
        return is_new and record.state is PromptState.OPEN and same

    def was_redrawn(self, record: PromptRecord) -> bool:
        """So lately that a person may have read other words."""
        at = self._redrawn.get(record.id)
        return at is not None and self._clock.now() - at < READ_WITHIN

    async def _open(self, tx: Transaction, session: Session, effect: OpenPrompt) -> Session:
        if not await self._make_room(tx, session):
            return replace(session, fingerprint=None, prompt=None, call="")
        now = self._clock.now()
        code = new_code(self._rng, await tx.prompts.codes_since(now - CODE_REST))
        record = PromptRecord(
            id=PromptId(secrets.token_hex(16)),
            code=code,
            session=session.name,
            pane=session.pane,
            epoch=effect.epoch,
            fingerprint=effect.fingerprint,
            prompt=effect.prompt,
            state=PromptState.OPEN,
            opened_at=now,
            remind_at=now + self._remind(),
            call=effect.call,
            shown=effect.shown,
        )
        await tx.prompts.add(record)
        kind, source = record.prompt.kind.value, source_of(record)
        await self.note(tx, "pane", "prompt.seen", record, kind=kind, source=source)
        await self._notifier.tell_all(
            tx,
            f"ask:{record.id}",
            replace(prompt_card(record), attach=self._attach(session.tmux_session)),
            urgency_of(record.prompt.kind),
            topic_of(record),
        )
        return replace(session, prompt=record.id)

    async def _join(self, tx: Transaction, effect: JoinPrompt) -> None:
        """A card that shows less than is known now is told again; else nobody need look twice."""
        record = await tx.prompts.get(effect.row)
        if record is None or record.state is not PromptState.OPEN:
            return
        if not effect.call and record.prompt.complete:
            return  # a hook has told it, or the same record did
        about = (effect.prompt, effect.fingerprint, effect.call, effect.shown)
        await self._put_anew(tx, record, *about)

    async def learn(self, tx: Transaction, record: PromptRecord, prompt: Prompt) -> None:
        """More of the same prompt is known: its card is changed."""
        known = (prompt, record.fingerprint, record.call, record.shown)
        await self._put_anew(tx, record, *known)

    async def _put_anew(
        self,
        tx: Transaction,
        record: PromptRecord,
        prompt: Prompt,
        fingerprint: Fingerprint,
        call: str,
        shown: Prompt | None,
    ) -> None:
        anew = replace(record, prompt=prompt, fingerprint=fingerprint, call=call, shown=shown)
        joined = replace(anew, always_asked="")
        if not await tx.prompts.replace(joined):
            return
        joined = replace(joined, version=record.version + 1)
        source = source_of(joined)
        event = "prompt.joined" if call and not record.call else "prompt.redrawn"
        if joined.by_record and not record.by_record:
            event = "prompt.completed"
        await self.note(tx, "hook" if call else "pane", event, joined, source=source)
        by_record = record.by_record or joined.by_record
        if same_to_a_person(record.prompt, joined.prompt, bodies=by_record):
            return
        card = prompt_card(joined)
        key = f"ask:{record.id}:{joined.version}"
        await self._notifier.update_cards(tx, key, card, topic_of(record))

    async def _dispute(self, tx: Transaction, session: Session, effect: ReportDispute) -> None:
        by_record = effect.by_record
        notice = dispute_card(session.name, effect.asked, effect.shown, by_record=by_record)
        key = f"dispute:{session.name}:{session.pane.pane}:{effect.epoch}:{effect.asked.call}"
        await self._notifier.tell_all(tx, key, notice, Urgency.HELP)
        facts = {"tool": effect.asked.tool, "epoch": effect.epoch}
        actor = "pane" if by_record else "hook"
        await tx.audit.append(self._clock.now(), actor, "sources.dispute", session.name, facts)

    async def _make_room(self, tx: Transaction, session: Session) -> bool:
        """A pane has one live prompt. While an earlier one is being answered the new one waits:
        whoever answers looks at the pane again afterwards."""
        live = await tx.prompts.live_at(session.pane)
        for record in live:
            if record.state is PromptState.OPEN:
                await self.conclude(tx, record, Happening.REPLACED)
        return all(record.state is PromptState.OPEN for record in live)

    async def _close(self, tx: Transaction, effect: ClosePrompt) -> None:
        record = await tx.prompts.get(effect.prompt)
        # What has been decided is concluded by whoever presses; what is settled stays settled.
        if record is None or effect.happening not in TABLE[record.state]:
            return
        if record.state is PromptState.DECIDED:
            return
        await self.conclude(tx, record, effect.happening, _why(effect.happening))

    async def conclude(
        self, tx: Transaction, record: PromptRecord, happening: Happening, reason: str = ""
    ) -> PromptRecord:
        """One step of the prompt's state table, its audit row and every copy of its card."""
        state = step(record.state, happening)
        ended = replace(
            record, state=state, closed_at=self._clock.now(), reason=reason, remind_at=None
        )
        if not await tx.prompts.replace(ended):
            return record
        ended = replace(ended, version=record.version + 1)
        actor = record.decided_by or "pane"
        await self.note(tx, actor, f"prompt.{state.value}", ended, reason=reason)
        await self.show_closed(tx, ended)
        return ended

    async def show_closed(self, tx: Transaction, record: PromptRecord) -> None:
        key = f"closed:{record.id}:{record.version}"
        await self._notifier.update_cards(tx, key, closed_card(record), topic_of(record))

    async def _signal(
        self, tx: Transaction, session: Session, effect: ReportSignal, number: int
    ) -> None:
        """``number``: a look may find several, even with the same words."""
        now = self._clock.now()
        notice, urgency = signal_card(session, effect.signal, now)
        stamp = f"{_milliseconds(now)}-{number}"
        key = f"signal:{session.name}:{stamp}:{effect.signal.kind}:{effect.signal.text}"
        topic, delivery = session_topic(session.name), Delivery.MUST
        if effect.signal.kind is SignalKind.PROGRESS:
            topic += f" progress-{_milliseconds(session.task_at or session.started_at)}"
            delivery = Delivery.LATEST
        elif effect.signal.kind is SignalKind.DONE:
            topic += f" done-{stamp}"
            task = Finished(session, notice, topic)
            tx.after(lambda kept: self._finished(task) if kept else None)
        await self._notifier.tell_all(tx, key, notice, urgency, topic, delivery)
        await tx.audit.append(
            self._clock.now(), "pane", "signal", session.name, {"kind": effect.signal.kind.value}
        )

    async def _phase(self, tx: Transaction, session: Session, effect: ReportPhase) -> None:
        await tx.audit.append(
            self._clock.now(),
            "pane",
            "session.phase",
            session.name,
            {"before": effect.before.value, "after": effect.after.value, "why": effect.reason},
        )
        if effect.after is Phase.ENDED and has_agent(session) and effect.reason != SERVER_GONE:
            notice = ended_card(session, effect.reason)
            key = f"ended:{session.name}:{_milliseconds(self._clock.now())}"
            await self._notifier.tell_all(tx, key, notice, Urgency.HELP)

    async def note(
        self, tx: Transaction, actor: str, event: str, record: PromptRecord, **data: object
    ) -> None:
        facts = {
            "session": record.session,
            "code": record.code,
            "fingerprint": record.fingerprint,
            "pane": record.pane.pane,
            "epoch": record.epoch,
            **data,
        }
        plain = json.loads(json.dumps(facts, default=str))
        await tx.audit.append(self._clock.now(), actor, event, record.id, plain)


_WHY = {
    Happening.PANE_GONE: "the session ended",
    Happening.AGENT_LEFT: "the agent left while it asked",
    Happening.WITHDRAWN: "the agent does not ask this by its hook any more",
}


def _why(happening: Happening) -> str:
    return _WHY.get(happening, "")


def source_of(record: PromptRecord) -> str:
    if not record.call:
        return "pane and record" if record.by_record else "pane"
    return "pane and hook" if record.shown else "hook"


def same_to_a_person(before: Prompt, after: Prompt, *, bodies: bool = False) -> bool:
    """Whether a card says the same: blanks, and how far a grant reaches, are worth no message.
    ``bodies``: what stands below the subject has to be the same, too."""
    if bodies and squeezed("".join(before.body)) != squeezed("".join(after.body)):
        return False
    labels = [[choice.label for choice in prompt.choices] for prompt in (before, after)]
    subjects = [squeezed(prompt.subject) for prompt in (before, after)]
    return (
        before.complete == after.complete
        and labels[0] == labels[1]
        and subjects[1].endswith(subjects[0])
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def trouble(title: str, *lines: str) -> Notice:
    return Notice(NoticeKind.TROUBLE, title, tuple(Part(line) for line in lines))
