"""What the core asks for is written in one transaction, cards included."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.approvals import Happening, PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.effects import ClosePrompt, Effect, OpenPrompt, ReportPhase, ReportSignal
from bot.core.ids import Fingerprint, PromptId
from bot.core.lifecycle import Phase
from bot.core.notices import NoticeKind
from bot.core.records import OutboxRecord, PromptRecord
from bot.core.sessions import Session
from bot.core.signals import Signal, SignalKind
from bot.ports.store import Store
from bot.services.ledger import Ledger
from bot.services.notifier import Notifier
from tests.support.ledger_rows import BASH, session
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import ledger

PRINT = Fingerprint("f" * 64)


@dataclass
class Book:
    store: Store
    ledger: Ledger
    session: Session

    async def writes(self, *effects: Effect) -> None:
        async with self.store.transaction() as tx:
            self.session = await self.ledger.apply(tx, self.session, effects)

    async def opens(self, subject: str = "rm -rf build", epoch: int = 0) -> PromptRecord:
        prompt = replace(BASH, subject=subject)
        await self.writes(OpenPrompt(prompt, PRINT, epoch))
        found = await self.record(self.session.prompt)
        assert found is not None
        return found

    async def record(self, prompt: PromptId | None) -> PromptRecord | None:
        async with self.store.snapshot() as tx:
            return await tx.prompts.get(prompt) if prompt else None

    async def becomes(self, record: PromptRecord, state: PromptState) -> None:
        async with self.store.transaction() as tx:
            await tx.prompts.replace(
                replace(record, state=state, decision=Decision(Verdict.APPROVE))
            )

    async def told(self) -> list[OutboxRecord]:
        async with self.store.snapshot() as tx:
            return list(await tx.outbox.due(VirtualClock().now() + timedelta(days=1)))

    async def audited(self) -> list[str]:
        async with self.store.snapshot() as tx:
            return [row.event for row in await tx.audit.since(None)]


@asynccontextmanager
async def book(folder: Path) -> AsyncIterator[Book]:
    async with ledger(folder) as store:
        clock = VirtualClock()
        notifier = Notifier([FakePhone()], clock)
        shop = replace(session("shop"), fingerprint=None, prompt=None)
        made = Ledger(
            notifier,
            clock,
            random.Random(1),
            lambda: timedelta(minutes=2),
            "tmux attach -t ={}".format,
        )
        yield Book(store, made, shop)


@virtual
async def test_a_prompt_is_a_row_a_code_a_card_and_an_audit_entry(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        record = await it.opens()
        assert record.state is PromptState.OPEN
        assert len(record.code) == 4
        assert record.remind_at == record.opened_at + timedelta(seconds=120)
        (card,) = await it.told()
        assert (card.notice.kind, card.notice.code) == (NoticeKind.PROMPT, record.code)
        assert card.notice.attach == "tmux attach -t =shop"
        assert await it.audited() == ["prompt.seen"]


@virtual
async def test_what_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        shop = it.session

        async def fails_halfway() -> None:
            async with it.store.transaction() as tx:
                await it.ledger.apply(tx, shop, [OpenPrompt(BASH, PRINT, 0)])
                raise LookupError

        with pytest.raises(LookupError):
            await fails_halfway()
        assert (await it.told(), await it.audited()) == ([], [])


@virtual
async def test_codes_of_the_last_day_are_not_given_again(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        codes = set()
        for epoch in range(30):
            record = await it.opens(f"make {epoch}", epoch)
            codes.add(record.code)
            await it.writes(ClosePrompt(record.id, Happening.LEFT_SCREEN))
        assert len(codes) == 30


@pytest.mark.parametrize(
    ("happening", "state"),
    [
        (Happening.LEFT_SCREEN, PromptState.ANSWERED_LOCALLY),
        (Happening.AGENT_LEFT, PromptState.GONE),
        (Happening.REPLACED, PromptState.SUPERSEDED),
        (Happening.PANE_GONE, PromptState.GONE),
    ],
)
@virtual
async def test_an_open_prompt_that_leaves_closes_its_card(
    tmp_path: Path, happening: Happening, state: PromptState
) -> None:
    async with book(tmp_path) as it:
        record = await it.opens()
        await it.writes(ClosePrompt(record.id, happening))
        after = await it.record(record.id)
        assert after is not None
        assert (after.state, after.remind_at) == (state, None)
        assert [row.notice.kind for row in await it.told()] == [
            NoticeKind.PROMPT,
            NoticeKind.CLOSED,
        ]


@pytest.mark.parametrize("state", [PromptState.DECIDED, PromptState.ATTEMPTING])
@virtual
async def test_what_is_being_answered_is_closed_by_who_answers(
    tmp_path: Path, state: PromptState
) -> None:
    async with book(tmp_path) as it:
        record = await it.opens()
        await it.becomes(record, state)
        await it.writes(ClosePrompt(record.id, Happening.PANE_GONE))
        after = await it.record(record.id)
        assert after is not None
        assert after.state is state


@pytest.mark.parametrize("state", [PromptState.DECIDED, PromptState.ATTEMPTING])
@virtual
async def test_the_next_prompt_of_a_pane_waits_while_one_is_being_answered(
    tmp_path: Path, state: PromptState
) -> None:
    async with book(tmp_path) as it:
        record = await it.opens()
        await it.becomes(record, state)
        await it.writes(OpenPrompt(replace(BASH, subject="next"), PRINT, 1))
        assert (it.session.prompt, it.session.fingerprint) == (None, None)
        assert len(await it.told()) == 1


@virtual
async def test_a_forgotten_open_prompt_makes_room_for_the_next(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        first = await it.opens()
        second = await it.opens("next", 1)
        before = await it.record(first.id)
        assert before is not None
        assert before.state is PromptState.SUPERSEDED
        assert second.state is PromptState.OPEN


@virtual
async def test_a_signal_is_quoted_and_audited_without_its_words(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        await it.writes(ReportSignal(Signal(SignalKind.ERROR, "no disk")))
        (row,) = await it.told()
        assert row.notice.title == "❌ Agent `shop` error: no disk"
        async with it.store.snapshot() as tx:
            (entry,) = await tx.audit.since(None)
        assert "no disk" not in entry.data


@virtual
async def test_the_end_of_an_agent_is_told_and_that_of_a_shell_is_not(tmp_path: Path) -> None:
    async with book(tmp_path) as it:
        gone = ReportPhase(Phase.IDLE, Phase.ENDED, "its pane is gone")
        await it.writes(gone)
        (row,) = await it.told()
        assert row.notice.title == "⏹ Session 'shop' ended: its pane is gone"
        it.session = replace(it.session, agent="")
        await it.writes(gone)
        assert len(await it.told()) == 1
        assert await it.audited() == ["session.phase", "session.phase"]
