"""Takes a decision for a prompt: one winner, one drive of keys, one honest answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.answering import goal
from bot.core.approvals import LIVE, Happening, PromptState, step
from bot.core.cards import always_question, decided_by, outcome_line, prompt_card
from bot.core.decisions import Decision, Principal, Verdict
from bot.core.errors import NotFound, Refused
from bot.core.fate import ARRIVED
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.grants import grant
from bot.core.ids import Code, EventId, PaneId, PromptId, SessionName
from bot.core.notices import Notice, NoticeKind, Part, PartStyle
from bot.core.prompts import Choice, Role, squeezed
from bot.core.records import Card, PromptRecord
from bot.core.redraws import SETTLES_WITHIN
from bot.core.sessions import Session
from bot.core.titles import Titles
from bot.core.visible import reveal
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.hook_answers import Carrier
from bot.services.lateness import could_know
from bot.services.ledger import Ledger
from bot.services.roster import Roster

log = structlog.get_logger()


WORDS = "words:"
_GRANTING = frozenset({Verdict.ALWAYS, Verdict.CHOOSE})
"""What they grant is in the words of a row, which have to be those that were decided on."""

Tell = Callable[[Session, str, Principal, EventId], Awaitable[Notice]]
"""Sends a text to an agent, or queues it; the receipt."""


class Approvals:
    def __init__(
        self,
        store: Store,
        roster: Roster,
        ledger: Ledger,
        carrier: Carrier,
        clock: Clock,
        look_at: Callable[[PaneId], None],
        changed: Callable[[], None],
        tell: Tell,
        titles: Titles,
    ) -> None:
        self._store = store
        self._roster = roster
        self._ledger = ledger
        self._carrier = carrier
        self._clock = clock
        self._look_at = look_at
        self._changed = changed
        self._tell = tell
        self._titles = titles

    async def by_code(self, code: Code) -> PromptRecord | None:
        async with self._store.snapshot() as tx:
            return await tx.prompts.by_code(code)

    async def get(self, prompt: PromptId) -> PromptRecord | None:
        async with self._store.snapshot() as tx:
            return await tx.prompts.get(prompt)

    async def live(self, session: str = "") -> tuple[PromptRecord, ...]:
        """Prompts that hold their pane, oldest first; of one session or of all."""
        async with self._store.snapshot() as tx:
            records = await tx.prompts.in_states(LIVE)
        return tuple(record for record in records if session in ("", record.session))

    async def last_of(self, session: str) -> PromptRecord | None:
        """The newest settled prompt of a session."""
        async with self._store.snapshot() as tx:
            return await tx.prompts.last_settled(SessionName(session))

    async def shown(
        self, record: PromptRecord, principal: Principal, by: datetime | None = None
    ) -> bool:
        """Whether the card of that prompt stands on a phone of this person's channel: it was
        taken, and where the provider tells what became of it, it has arrived. With ``by``: taken
        before then."""
        async with self._store.snapshot() as tx:
            for card in await tx.cards.of(f"prompt:{record.id}"):
                is_theirs = card.channel == principal.channel and could_know(by, card.sent_at)
                if is_theirs and await _stands(tx, card):
                    return True
        return False

    async def keep_words(self, record: PromptRecord, principal: Principal, text: str) -> None:
        """What this person wrote to that prompt's card, for a button that says "with this"."""
        async with self._store.transaction() as tx:
            await tx.meta.put(f"{WORDS}{record.id}:{principal.id}", text)

    async def kept_words(self, record: PromptRecord, principal: Principal) -> str:
        async with self._store.snapshot() as tx:
            return await tx.meta.get(f"{WORDS}{record.id}:{principal.id}") or ""

    async def forget_words(self) -> None:
        """Those to prompts that wait for no answer any more."""
        async with self._store.transaction() as tx:
            for key in await tx.meta.keys(WORDS):
                id_ = key.removeprefix(WORDS).partition(":")[0]
                record = await tx.prompts.get(PromptId(id_))
                if record is None or record.state is not PromptState.OPEN:
                    await tx.meta.remove(key)

    async def decide(
        self, record: PromptRecord, decision: Decision, principal: Principal, event: EventId
    ) -> Notice:
        """Decides and presses; the reply says what became of it. Raises Refused for what the
        prompt does not offer: it then stays open and untouched."""
        if record.decided_event == event:
            return await self._answer(record, principal, event)
        if record.state is not PromptState.OPEN:
            return await self._too_late(record)
        read = goal(record.prompt, decision)
        if doubt := self._carrier.doubt(record, decision):
            raise Refused(doubt)
        record = await self._come_to_rest(record, read)
        if record.state is not PromptState.OPEN:
            return await self._too_late(record)
        aim = goal(record.prompt, decision)
        widening = self._widening(record, decision, aim, read)
        if widening is not None and not _may_widen(record, decision, widening, principal):
            return await self._ask_first(record, widening, principal)
        decided = await self._win(record, decision, principal, event)
        if decided is None:
            return await self._too_late(await self.get(record.id) or record)
        async with self._roster.lock(decided.pane):
            ended = await self._carrier.carry_out(decided)
            await self.let_go(ended)
        return await self._answer(ended, principal, event)

    async def see_all_rows(self, record: PromptRecord, principal: Principal) -> PromptRecord:
        """For a question whose list is longer than what its agent shows at a time: the row as it
        then is, all rows known. It stays open. Raises Refused, TerminalUnusable."""
        async with self._roster.lock(record.pane):
            record = await self.get(record.id) or record
            if record.state is not PromptState.OPEN:
                raise Refused(f"{record.code} is settled already: {outcome_line(record)}")
            if not record.prompt.unseen_rows:
                return record
            prompt = await self._carrier.see_all_rows(replace(record, decided_by=principal.id))
            async with self._store.transaction() as tx:
                current = await tx.prompts.get(record.id)
                if current is None or current.state is not PromptState.OPEN:
                    return current or record
                await self._ledger.note(tx, principal.id, "prompt.rows_seen", current)
                await self._ledger.learn(tx, current, prompt)
        self._changed()
        return await self.get(record.id) or record

    async def _come_to_rest(self, record: PromptRecord, aim: Goal) -> PromptRecord:
        """The row as it is once its agent is done with the words of what would be granted for
        good: until then a yes to them would be refused as one to another dialog."""
        if not isinstance(aim, Pick) or aim.row.role is not Role.ALLOW_ALWAYS:
            return record
        left = (record.opened_at + SETTLES_WITHIN - self._clock.now()).total_seconds()
        if left <= 0:
            return record
        await self._clock.sleep(left)
        return await self.get(record.id) or record

    def _widening(
        self, record: PromptRecord, decision: Decision, aim: Goal, read: Goal
    ) -> Choice | None:
        """The row that would be chosen, when it grants more than what stands on the screen, or
        perhaps other than what the person has read."""
        if decision.verdict not in (Verdict.ALWAYS, Verdict.CHOOSE) or isinstance(aim, Mark):
            return None
        if not isinstance(aim, Pick) or aim.row.role is Role.DENY_ALWAYS:
            return None
        given = grant(record.prompt, aim.row)
        if given is None:
            return None
        is_other = isinstance(read, Pick) and squeezed(read.row.label) != squeezed(aim.row.label)
        must_ask = given.widens or is_other or self._ledger.was_redrawn(record)
        return aim.row if must_ask else None

    async def _answer(self, record: PromptRecord, principal: Principal, event: EventId) -> Notice:
        """What became of it. A reason that the dialog had no field for goes to the agent as the
        next text, also when the same event comes again after a restart."""
        outcome = await self._outcome(record)
        decision = record.decision
        if decision is None or not decision.text or not _is_done(record):
            return outcome
        if not _is_left_unsaid(goal(record.prompt, decision), decision):
            return outcome
        if await self._carrier.answered_by_hook(record):
            return outcome  # with the reason
        return await self._reason_follows(record, decision.text, principal, event, outcome)

    async def _reason_follows(
        self,
        record: PromptRecord,
        reason: str,
        principal: Principal,
        event: EventId,
        outcome: Notice,
    ) -> Notice:
        try:
            session = self._roster.require(record.session)
            receipt = await self._tell(session, reason, principal, EventId(f"{event}-reason"))
            said = f"Your reason: {receipt.title}"
        except (Refused, NotFound) as error:
            said = f"Your reason was not sent: {error}"
        return replace(outcome, parts=(*outcome.parts, Part(said)))

    async def _ask_first(self, record: PromptRecord, row: Choice, principal: Principal) -> Notice:
        async with self._store.transaction() as tx:
            current = await tx.prompts.get(record.id)
            if current is not None and current.state is PromptState.OPEN:
                await tx.prompts.replace(replace(current, always_asked=_asked(principal, row)))
        return always_question(record, row)

    async def _win(
        self, record: PromptRecord, decision: Decision, principal: Principal, event: EventId
    ) -> PromptRecord | None:
        """Compare and set: of all who decide at once, one gets the row back."""
        async with self._store.transaction() as tx:
            current = await tx.prompts.get(record.id)
            if current is None or current.state is not PromptState.OPEN:
                return None
            if current.fingerprint != record.fingerprint and decision.verdict in _GRANTING:
                return None
            decided = replace(
                current,
                state=step(current.state, Happening.DECIDE),
                decision=decision,
                decided_by=principal.id,
                decided_name=principal.name + self._titles.on(principal.channel),
                decided_at=self._clock.now(),
                decided_event=event,
                remind_at=None,
            )
            if not await tx.prompts.replace(decided):
                return None
            decided = replace(decided, version=current.version + 1)
            tx.after(lambda kept: self._carrier.claim(decided) if kept else None)
            verdict = decision.verdict.value
            await self._ledger.note(
                tx, principal.id, "prompt.decided", decided, verdict=verdict, name=principal.name
            )
        return decided

    async def let_go(self, record: PromptRecord) -> None:
        """After the keys: what stands on the screen now is new to whoever looks next, be it the
        same dialog, which did not react, or the same question asked once more."""

        def forgotten(session: Session) -> Session:
            if session.prompt != record.id:
                return session
            return replace(
                session, fingerprint=None, prompt=None, call="", epoch=session.epoch + 1
            )

        await self._roster.change(record.session, forgotten)
        self._changed()
        self._look_at(record.pane.pane)

    async def _outcome(self, record: PromptRecord) -> Notice:
        subject = record.prompt.subject or record.prompt.question
        parts = [Part(reveal(subject), PartStyle.CODE)] if subject else []
        if record.state is PromptState.REFUSED:
            parts.append(Part(f"Nothing was chosen in session '{record.session}'."))
        return Notice(
            NoticeKind.REPLY if _is_done(record) else NoticeKind.TROUBLE,
            outcome_line(record),
            tuple(parts),
            session=record.session,
            code=record.code,
        )

    async def _too_late(self, record: PromptRecord) -> Notice:
        """Why nothing was pressed, and what the session shows now."""
        said = f"Nothing pressed: {record.code} is settled already"
        lines = [Part(outcome_line(record)), Part(decided_by(record))]
        current = [r for r in await self.live(record.session) if r.state is PromptState.OPEN]
        if current:
            card = prompt_card(current[0])
            lines += [Part("It shows this now:"), *card.parts]
            return replace(
                card, kind=NoticeKind.TROUBLE, title=said, parts=tuple(p for p in lines if p.text)
            )
        parts = tuple(part for part in lines if part.text)
        return Notice(NoticeKind.TROUBLE, said, parts, session=record.session, code=record.code)


async def _stands(tx: Transaction, card: Card) -> bool:
    report = await tx.reports.get(card.channel, card.message)
    return report is None or report.fate in ARRIVED


def _is_done(record: PromptRecord) -> bool:
    return record.state is PromptState.CONFIRMED


def _is_left_unsaid(aim: Goal, decision: Decision) -> bool:
    """Whether the dialog takes the no, and has no place for the words that go with it."""
    if isinstance(aim, Cancel):
        return True
    return decision.verdict is Verdict.DENY and not isinstance(aim, Write)


def _asked(principal: Principal, row: Choice) -> str:
    """Who has read what which row grants: a yes to one row is none to another."""
    return f"{principal.id} {row.n}"


def _may_widen(
    record: PromptRecord, decision: Decision, row: Choice, principal: Principal
) -> bool:
    return decision.confirmed and record.always_asked == _asked(principal, row)
