"""Delivery in order, at the recipient's pace, and never at the cost of another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.approvals import PromptState
from bot.core.ids import PromptId
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import Delivery, OutboxRecord
from bot.ports.channel import Capabilities, Rejected, RetryLater, Unreachable
from bot.ports.store import Store
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from tests.support.ledger_rows import prompt_record
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import ledger

ANN, BOB = "chat-1", "chat-2"


def two_people(id_: str = "fake", *, edits: bool = True, pause: float = 0.0) -> FakePhone:
    abilities = Capabilities(buttons=True, edits=edits, text_limit=4096)
    people = {"1": ANN, "2": BOB}
    pauses = dict.fromkeys((ANN, BOB), pause)
    return FakePhone(id_, capabilities=abilities, allowed=people, pauses=pauses)


class Post:
    """An outbox at work, and a person who queues notices."""

    def __init__(self, store: Store, *phones: FakePhone) -> None:
        self.store = store
        self.clock = VirtualClock()
        self.phones = phones
        self.notifier = Notifier(phones, self.clock)
        self.outbox = Outbox(store, phones, self.clock)
        self._count = 0

    async def queue(
        self,
        title: str,
        to: str = ANN,
        *,
        kind: NoticeKind = NoticeKind.STATE,
        urgency: Urgency = Urgency.HELP,
        topic: str = "",
        channel: str = "fake",
        attempts: int = 0,
    ) -> None:
        self._count += 1
        now = self.clock.now()
        record = OutboxRecord(
            key=f"{title}-{self._count}",
            channel=channel,
            address=to,
            urgency=urgency,
            delivery=Delivery.MUST,
            notice=Notice(kind, title),
            created_at=now,
            due_at=now,
            give_up_at=now + timedelta(hours=24),
            topic=topic,
            attempts=attempts,
        )
        async with self.store.transaction() as tx:
            await tx.outbox.add(record)
        self.outbox.wake()

    async def rows(self) -> list[OutboxRecord]:
        """What is still queued, due or not."""
        later = self.clock.now() + timedelta(days=9)
        async with self.store.snapshot() as tx:
            return list(await tx.outbox.due(later, 1000))

    async def waits(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


@asynccontextmanager
async def at_work(folder: Path, *phones: FakePhone, begin: bool = True) -> AsyncIterator[Post]:
    async with ledger(folder) as store:
        post = Post(store, *phones)
        await post.outbox.recover()
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(post.outbox.run(p)) for p in phones] if begin else []
            yield post
            for loop in loops:
                loop.cancel()


@asynccontextmanager
async def sent(folder: Path, *phones: FakePhone) -> AsyncIterator[Post]:
    """Queue first; delivery begins when this is left."""
    async with at_work(folder, *phones, begin=False) as post:
        yield post
        async with asyncio.TaskGroup() as group:
            loops = [group.create_task(post.outbox.run(p)) for p in phones]
            await post.waits(30)
            for loop in loops:
                loop.cancel()


@virtual
async def test_what_is_urgent_overtakes_and_equals_keep_their_order(tmp_path: Path) -> None:
    phone = two_people()
    async with sent(tmp_path, phone) as post:
        await post.queue("50 %", urgency=Urgency.PROGRESS)
        await post.queue("done", urgency=Urgency.DONE)
        await post.queue("help a", urgency=Urgency.HELP)
        await post.waits(1)
        await post.queue("help b", urgency=Urgency.HELP)
        await post.queue("approve?", urgency=Urgency.APPROVAL)
    assert phone.titles() == ["approve?", "help a", "help b", "done", "50 %"]


@virtual
async def test_a_provider_that_asks_for_patience_pauses_that_recipient_only(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(35, "429")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.queue("a2")
        await post.queue("b1", BOB)
        await post.waits(30)
        assert phone.titles() == ["b1"]
        await post.waits(6)
        assert phone.titles() == ["b1", "a1", "a2"]


@virtual
async def test_while_one_pauses_what_is_urgent_still_goes_first_afterwards(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(10, "429")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("chatter", urgency=Urgency.PROGRESS)
        await post.waits(1)
        await post.queue("approve?", urgency=Urgency.APPROVAL)
        await post.waits(15)
    assert phone.titles() == ["approve?", "chatter"]


@virtual
async def test_a_recipient_with_hundreds_of_rows_starves_nobody(tmp_path: Path) -> None:
    phone, other = two_people(), two_people("other")
    phone.fails_at[ANN] = [RetryLater(3600, "429")]
    async with at_work(tmp_path, phone, other) as post:
        for number in range(120):
            await post.queue(f"a{number}", urgency=Urgency.APPROVAL)
        await post.queue("b", BOB, urgency=Urgency.PROGRESS)
        await post.queue("c", BOB, urgency=Urgency.PROGRESS, channel="other")
        await post.waits(5)
    assert phone.titles() == ["b"]
    assert other.titles() == ["c"]


@virtual
async def test_a_send_that_takes_long_holds_up_nobody_else(tmp_path: Path) -> None:
    phone = two_people()
    phone.slow[ANN] = asyncio.Event()
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.queue("a2")
        await post.waits(1)
        await post.queue("b1", BOB)
        await post.waits(1)
        assert phone.titles() == ["b1"]
        assert phone.tries == 2
        phone.slow[ANN].set()
        await post.waits(1)
        assert phone.titles() == ["b1", "a1", "a2"]


@virtual
async def test_who_cannot_be_reached_is_tried_ever_more_rarely(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Unreachable("no network") for _ in range(9)]
    tried: list[float] = []
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        for second in range(260):
            if phone.tries > len(tried):
                tried.append(second)
            await post.waits(1)
    pauses = [b - a for a, b in pairwise(tried)]
    assert [round(pause) for pause in pauses[:6]] == [1, 2, 4, 8, 16, 32]
    assert max(pauses) <= 61
    assert phone.titles() == ["a1"]


@virtual
async def test_a_message_the_provider_rejects_is_logged_and_the_next_one_sent(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Rejected("400 too long")]
    with capture_logs() as logs:
        async with at_work(tmp_path, phone) as post:
            await post.queue("bad")
            await post.queue("good")
            await post.waits(100)
    assert phone.titles() == ["good"]
    assert phone.tries == 2
    assert [e["reason"] for e in logs if e["event"] == "outbox.rejected"] == ["400 too long"]


@virtual
async def test_a_message_that_breaks_its_channel_is_dropped_after_three_tries(
    tmp_path: Path,
) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [KeyError("style")] * 3
    async with at_work(tmp_path, phone) as post:
        await post.queue("poison")
        await post.queue("good")
        await post.waits(100)
    assert phone.titles() == ["good"]


async def _settle(post: Post, state: PromptState) -> None:
    async with post.store.transaction() as tx:
        record = await tx.prompts.get(PromptId("p1"))
        if record is None:
            await tx.prompts.add(prompt_record(state=state))
        else:
            await tx.prompts.replace(replace(record, state=state))


@virtual
async def test_a_settled_prompt_changes_the_card_that_is_there(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await _settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await _settle(post, PromptState.GONE)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone"]
    assert phone.bubbles[0].edits == 1


@virtual
async def test_a_channel_that_cannot_edit_gets_one_short_message(tmp_path: Path) -> None:
    phone = two_people(edits=False)
    async with at_work(tmp_path, phone) as post:
        await _settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["asks", "gone"]


@virtual
async def test_a_card_whose_message_was_deleted_is_sent_anew(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await _settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        phone.bubbles.clear()
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone"]


@virtual
async def test_a_card_that_nobody_was_sent_needs_no_closing(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
        assert await post.rows() == []
    assert phone.tries == 0


@virtual
async def test_a_card_that_comes_too_late_is_not_sent(tmp_path: Path) -> None:
    """The phone was away for an hour, and the prompt was answered at the terminal meanwhile."""
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(3600, "away")]
    async with at_work(tmp_path, phone) as post:
        await _settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await _settle(post, PromptState.ANSWERED_LOCALLY)
        await post.queue("answered", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(4000)
        assert await post.rows() == []
    assert phone.titles() == []


@virtual
async def test_closing_changes_the_reminder_too(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await _settle(post, PromptState.OPEN)
        for kind in (NoticeKind.PROMPT, NoticeKind.REMINDER):
            await post.queue(kind.value, kind=kind, topic="prompt:p1")
            await post.waits(1)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone", "gone"]


@virtual
async def test_messages_to_one_person_keep_the_channels_pace(tmp_path: Path) -> None:
    phone = two_people(pause=1.0)
    async with at_work(tmp_path, phone) as post:
        for title in ("a1", "a2", "a3"):
            await post.queue(title)
        await post.queue("b1", BOB)
        await post.waits(0.5)
        assert sorted(phone.titles()) == ["a1", "b1"]
        await post.waits(1.0)
        assert len(phone.titles()) == 3
        await post.waits(1.0)
        assert len(phone.titles()) == 4


@virtual
async def test_after_a_day_it_is_given_up_aloud(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(3600, "no network") for _ in range(50)]
    with capture_logs() as logs:
        async with at_work(tmp_path, phone) as post:
            await post.queue("a1")
            await post.waits(24 * 3600 + 120)
            assert await post.rows() == []
            tries = phone.tries
            await post.waits(3600)
    assert phone.tries == tries
    (given_up,) = [entry for entry in logs if entry["event"] == "outbox.given_up"]
    assert given_up["last"] == "no network"
    assert given_up["log_level"] == "error"


@virtual
async def test_a_thousand_attempts_are_no_different_from_ten(tmp_path: Path) -> None:
    phone = two_people()
    phone.fails_at[ANN] = [Unreachable("no network")]
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1", attempts=2000)
        await post.waits(61)
    assert phone.titles() == ["a1"]


@virtual
async def test_what_was_being_sent_when_the_program_ended_is_sent_again(tmp_path: Path) -> None:
    phone = two_people()
    phone.slow[ANN] = asyncio.Event()
    async with at_work(tmp_path, phone) as post:
        await post.queue("a1")
        await post.waits(1)
        assert await post.rows() == []
    phone.slow.clear()
    async with at_work(tmp_path, phone) as post:
        await post.waits(1)
    assert phone.titles() == ["a1"]


@virtual
async def test_nothing_is_sent_twice_in_an_ordinary_life(tmp_path: Path) -> None:
    phone = two_people()
    for _ in range(2):
        async with at_work(tmp_path, phone) as post:
            if not phone.bubbles:
                for number in range(20):
                    await post.queue(f"{number}", ANN if number % 2 else BOB)
            await post.waits(5)
    assert sorted(phone.titles(), key=int) == [str(number) for number in range(20)]


@pytest.mark.parametrize("kind", [NoticeKind.STATE, NoticeKind.REPLY, NoticeKind.SIGNAL])
@virtual
async def test_only_cards_are_changed_where_they_stand(tmp_path: Path, kind: NoticeKind) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        for title in ("one", "two"):
            await post.queue(title, kind=kind, topic="session:shop")
            await post.waits(1)
    assert phone.titles() == ["one", "two"]
