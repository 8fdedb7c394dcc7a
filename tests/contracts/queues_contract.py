"""The part of a Store's contract that is about what comes in, waits and goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.decisions import InboundFile
from bot.core.errors import NotFound, WingmanError
from bot.core.fate import Fate
from bot.core.ids import EventId, PressId
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import (
    Card,
    Delivery,
    InboxState,
    OutboxState,
    PressState,
    Report,
    TextState,
)
from bot.ports.store import Store
from tests.support.ledger_rows import (
    NOW,
    inbound,
    outbox_record,
    press_record,
    prompt_record,
    text_record,
)


class PressesContract:
    async def test_of_an_owner_by_step(self, store: Store) -> None:
        second, first = press_record("p1", 1), press_record("p1", 0)
        async with store.transaction() as tx:
            await tx.presses.add(second)
            await tx.presses.add(first)
            await tx.presses.add(press_record("p2", 0))
            assert await tx.presses.of("p1") == (first, second)

    async def test_advances(self, store: Store) -> None:
        press = press_record("p1", 0)
        async with store.transaction() as tx:
            await tx.presses.add(press)
            await tx.presses.advance(press.id, PressState.ATTEMPTING)
            attempting = replace(press, state=PressState.ATTEMPTING)
            assert await tx.presses.in_states(frozenset({PressState.ATTEMPTING})) == (attempting,)
            await tx.presses.advance(press.id, PressState.REFUSED, "copy mode")
            refused = replace(press, state=PressState.REFUSED, reason="copy mode")
            assert await tx.presses.of("p1") == (refused,)
            assert await tx.presses.in_states(frozenset({PressState.INTENT})) == ()

    async def test_a_press_that_is_not_there_cannot_advance(self, store: Store) -> None:
        async with store.transaction() as tx:
            with pytest.raises(NotFound, match="p9-0"):
                await tx.presses.advance(PressId("p9-0"), PressState.APPLIED)

    async def test_each_step_once(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.presses.add(press_record("p1", 0))
        with pytest.raises(WingmanError):
            async with store.transaction() as tx:
                await tx.presses.add(replace(press_record("p1", 0), id=PressId("other")))

    async def test_those_of_forgotten_prompts_and_texts_are_pruned(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record("p1"))
            await tx.texts.add(text_record("t1"))
            for owner in ("p1", "t1", "forgotten"):
                await tx.presses.add(press_record(owner, 0))
            assert await tx.presses.prune(NOW) == 0
            assert await tx.presses.prune(NOW + timedelta(seconds=1)) == 1
            assert [len(await tx.presses.of(owner)) for owner in ("p1", "t1")] == [1, 1]


class TextsContract:
    async def test_the_same_event_goes_in_once(self, store: Store) -> None:
        record = text_record("local:1")
        async with store.transaction() as tx:
            assert await tx.texts.add(record)
            assert not await tx.texts.add(replace(record, text="other"))
            assert await tx.texts.get(record.id) == record
            assert await tx.texts.get(EventId("nothing")) is None

    async def test_by_states_oldest_first(self, store: Store) -> None:
        records = [text_record(f"local:{n}") for n in (2, 1, 3)]
        async with store.transaction() as tx:
            for record in records:
                await tx.texts.add(record)
            await tx.texts.advance(records[1].id, TextState.EXPIRED, "30 minutes are over")
            waiting = await tx.texts.in_states(frozenset({TextState.QUEUED}))
            expired = await tx.texts.in_states(frozenset({TextState.EXPIRED}))
        assert waiting == (records[0], records[2])
        assert [record.reason for record in expired] == ["30 minutes are over"]

    async def test_what_is_over_is_pruned_and_what_is_on_its_way_is_not(
        self, store: Store
    ) -> None:
        async with store.transaction() as tx:
            for state in TextState:
                await tx.texts.add(replace(text_record(state.value), state=state))
            assert await tx.texts.prune(NOW) == 0
            assert await tx.texts.prune(NOW + timedelta(seconds=1)) == len(TextState) - 3
            assert await tx.texts.get(EventId("queued")) is not None
            assert await tx.texts.get(EventId("typed")) is not None
            assert await tx.texts.get(EventId("attempting")) is not None


class CardsContract:
    async def test_found_by_message_and_by_topic_newest_first(self, store: Store) -> None:
        first = Card("prompt:p1", "local", "local", "10", NOW)
        second = replace(first, message="11", sent_at=NOW + timedelta(seconds=1))
        async with store.transaction() as tx:
            await tx.cards.put(second)
            await tx.cards.put(first)
            await tx.cards.put(replace(first, channel="telegram", topic="prompt:p2"))
            assert await tx.cards.of("prompt:p1") == (second, first)
            assert await tx.cards.by_message("local", "local", "10") == first
            assert await tx.cards.by_message("local", "local", "12") is None

    async def test_old_ones_are_pruned_but_not_those_of_prompts(self, store: Store) -> None:
        old, topics = NOW - timedelta(days=31), ("prompt:p1", "session:api", "part:prompt:p1")
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record("p1"))
            for number, topic in enumerate((*topics, "prompt:forgotten")):
                await tx.cards.put(Card(topic, "local", "local", f"{number}", old))
            await tx.cards.put(Card("session:api", "local", "local", "9", NOW))
            assert await tx.cards.prune(NOW - timedelta(days=30)) == 3
            left = [await tx.cards.by_message("local", "local", m) for m in "01239"]
        assert [card.message for card in left if card] == ["0", "9"]

    async def test_a_card_that_never_stood_there_is_removed(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.cards.put(Card("prompt:p1", "local", "local", "10", NOW))
            await tx.cards.put(Card("prompt:p1", "local", "other", "10", NOW))
            await tx.cards.remove("local", "local", "10")
            await tx.cards.remove("local", "local", "11")
            assert [card.address for card in await tx.cards.of("prompt:p1")] == ["other"]

    async def test_a_message_is_one_card(self, store: Store) -> None:
        first = Card("prompt:p1", "local", "local", "10", NOW)
        later = replace(first, sent_at=NOW + timedelta(seconds=1))
        async with store.transaction() as tx:
            await tx.cards.put(first)
            await tx.cards.put(later)
            assert await tx.cards.of("prompt:p1") == (later,)


class ReportsContract:
    async def test_the_last_word_on_a_message_is_kept(self, store: Store) -> None:
        first = Report("whatsapp", "SM1", Fate.SENT, "", NOW)
        later = replace(first, fate=Fate.FAILED, error="63016", at=NOW + timedelta(seconds=1))
        async with store.transaction() as tx:
            for report in (first, replace(first, channel="other"), later):
                await tx.reports.put(report)
            assert await tx.reports.get("whatsapp", "SM1") == later
            assert await tx.reports.get("other", "SM1") == replace(first, channel="other")
            assert await tx.reports.get("whatsapp", "SM2") is None

    async def test_old_ones_are_pruned(self, store: Store) -> None:
        old = Report("whatsapp", "SM1", Fate.READ, "", NOW - timedelta(days=31))
        async with store.transaction() as tx:
            await tx.reports.put(old)
            await tx.reports.put(replace(old, message="SM2", at=NOW))
            assert await tx.reports.prune(NOW - timedelta(days=30)) == 1
            assert await tx.reports.get("whatsapp", "SM1") is None
            assert await tx.reports.get("whatsapp", "SM2") is not None


class InboxContract:
    async def test_each_event_of_a_channel_counts_once(self, store: Store) -> None:
        async with store.transaction() as tx:
            assert await tx.inbox.add(inbound("1"), NOW)
            assert not await tx.inbox.add(replace(inbound("1"), text="again"), NOW)
            assert await tx.inbox.add(replace(inbound("1"), channel="whatsapp"), NOW)
            rows = await tx.inbox.in_state(InboxState.NEW)
        assert [(row.inbound.channel, row.inbound.text) for row in rows] == [
            ("telegram", "approve k3f9"),
            ("whatsapp", "approve k3f9"),
        ]

    async def test_an_event_is_found_by_its_channel_and_id(self, store: Store) -> None:
        file = InboundFile("ref", "a.png", 10, "image/png")
        there = replace(inbound("1"), thread="4", session="api", files=(file,), looks_only=True)
        there = replace(there, sent_at=NOW)
        async with store.transaction() as tx:
            await tx.inbox.add(there, NOW)
            assert await tx.inbox.get("telegram", EventId("1")) == there
            assert await tx.inbox.get("whatsapp", EventId("1")) is None

    async def test_names_of_those_who_wrote_from_an_address(self, store: Store) -> None:
        async with store.transaction() as tx:
            for number, (user, name) in enumerate((("7", "Ada"), ("8", "Bob"), ("7", "Ada L."))):
                said = replace(inbound(f"{number}"), user=user, name=name, address="group")
                await tx.inbox.add(said, NOW)
            assert await tx.inbox.names("telegram", "group") == ("Bob", "Ada L.")
            assert await tx.inbox.names("telegram", "7") == ()

    async def test_what_was_handled_long_ago_is_pruned(self, store: Store) -> None:
        async with store.transaction() as tx:
            for event, age in (("old", 31), ("waiting", 31), ("young", 1)):
                await tx.inbox.add(inbound(event), NOW - timedelta(days=age))
            for event in ("old", "young"):
                await tx.inbox.advance("telegram", EventId(event), InboxState.DONE)
            assert await tx.inbox.prune(NOW - timedelta(days=30)) == 1
            assert await tx.inbox.get("telegram", EventId("old")) is None
            assert await tx.inbox.get("telegram", EventId("waiting")) is not None
            assert not await tx.inbox.add(inbound("young"), NOW)

    async def test_in_order_of_arrival(self, store: Store) -> None:
        async with store.transaction() as tx:
            for event in ("9", "10", "1"):
                await tx.inbox.add(inbound(event), NOW)
            rows = await tx.inbox.in_state(InboxState.NEW)
        assert [row.inbound for row in rows] == [inbound("9"), inbound("10"), inbound("1")]

    async def test_advances(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.inbox.add(inbound("1"), NOW)
            await tx.inbox.advance("telegram", EventId("1"), InboxState.DONE, "Approved")
            assert await tx.inbox.in_state(InboxState.NEW) == ()
            (row,) = await tx.inbox.in_state(InboxState.DONE)
            assert (row.outcome, row.received_at) == ("Approved", NOW)
            with pytest.raises(NotFound):
                await tx.inbox.advance("telegram", EventId("2"), InboxState.DONE)


class OutboxContract:
    async def test_what_is_over_is_pruned_and_what_waits_is_not(self, store: Store) -> None:
        old = NOW - timedelta(days=31)
        async with store.transaction() as tx:
            for state in OutboxState:
                record = outbox_record(state.value)
                await tx.outbox.add(replace(record, created_at=old, state=state))
            await tx.outbox.add(replace(outbox_record("young"), state=OutboxState.SENT))
            assert await tx.outbox.prune(NOW - timedelta(days=30)) == 3
            assert not await tx.outbox.add(outbox_record("young"))
            assert not await tx.outbox.add(outbox_record("sending"))
            assert [row.key for row in await tx.outbox.due(NOW)] == ["queued"]

    async def test_a_key_is_queued_once(self, store: Store) -> None:
        async with store.transaction() as tx:
            assert await tx.outbox.add(outbox_record("ask:1"))
            (row,) = await tx.outbox.due(NOW)
            assert row == replace(outbox_record("ask:1"), id=row.id)
            await tx.outbox.replace(replace(row, state=OutboxState.SENT))
            assert not await tx.outbox.add(outbox_record("ask:1"))
            assert await tx.outbox.due(NOW) == ()

    async def test_most_urgent_first_then_oldest(self, store: Store) -> None:
        earlier = NOW - timedelta(minutes=1)
        async with store.transaction() as tx:
            for key, urgency, at in [
                ("progress", Urgency.PROGRESS, earlier),
                ("done", Urgency.DONE, earlier),
                ("young", Urgency.APPROVAL, NOW),
                ("old", Urgency.APPROVAL, earlier),
                ("as old", Urgency.APPROVAL, earlier),
                ("later", Urgency.APPROVAL, NOW + timedelta(milliseconds=1)),
            ]:
                record = replace(outbox_record(key), urgency=urgency, created_at=at, due_at=at)
                await tx.outbox.add(record)
            due = [row.key for row in await tx.outbox.due(NOW)]
            first = [row.key for row in await tx.outbox.due(NOW, limit=2)]
        assert due == ["old", "as old", "young", "done", "progress"]
        assert first == ["old", "as old"]

    async def test_a_channel_or_recipient_that_cannot_move_hides_no_other(
        self, store: Store
    ) -> None:
        later = NOW + timedelta(seconds=30)
        async with store.transaction() as tx:
            for key, channel, address, at in [
                ("a", "telegram", "7", NOW),
                ("b", "telegram", "8", NOW),
                ("c", "telegram", "9", later),
                ("d", "whatsapp", "7", NOW),
            ]:
                row = replace(outbox_record(key), channel=channel, address=address, due_at=at)
                await tx.outbox.add(row)
            mine = await tx.outbox.due(NOW, channel="telegram")
            others = await tx.outbox.due(NOW, 1, channel="telegram", but_not={"7"})
            left = await tx.outbox.next_due(channel="telegram", but_not=("7", "8"))
            none = await tx.outbox.next_due(channel="whatsapp", but_not={"7"})
        assert [row.key for row in mine] == ["a", "b"]
        assert [row.key for row in others] == ["b"]
        assert (left, none) == (later, None)

    async def test_a_retry_waits_for_its_time(self, store: Store) -> None:
        later = NOW + timedelta(seconds=30)
        async with store.transaction() as tx:
            assert await tx.outbox.next_due() is None
            await tx.outbox.add(outbox_record("a"))
            assert await tx.outbox.next_due() == NOW
            (row,) = await tx.outbox.due(NOW)
            waiting = replace(row, attempts=1, due_at=later, error="429")
            await tx.outbox.replace(waiting)
            assert await tx.outbox.due(NOW) == ()
            assert await tx.outbox.next_due() == later
            assert await tx.outbox.due(later) == (waiting,)
            await tx.outbox.replace(replace(waiting, state=OutboxState.SENT, message="77"))
            assert await tx.outbox.next_due() is None

    async def test_what_was_sent_is_found_by_any_of_its_messages(self, store: Store) -> None:
        async with store.transaction() as tx:
            for key, message in (("one", "SM1"), ("three", "SM11 SM12 SM%"), ("waits", "")):
                await tx.outbox.add(outbox_record(key))
                rows = await tx.outbox.due(NOW)
                if message:
                    sent = replace(rows[-1], state=OutboxState.SENT, message=message)
                    await tx.outbox.replace(sent)
            for message, key in (("SM1", "one"), ("SM12", "three"), ("SM%", "three")):
                found = await tx.outbox.by_message("telegram", message)
                assert found is not None
                assert found.key == key
                assert await tx.outbox.get(found.id) == found
            for channel, message in (("whatsapp", "SM1"), ("telegram", "SM"), ("telegram", "M1")):
                assert await tx.outbox.by_message(channel, message) is None
            assert await tx.outbox.get(999) is None

    async def test_what_was_lost_is_not_what_was_sent(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.outbox.add(outbox_record("a"))
            (row,) = await tx.outbox.due(NOW)
            await tx.outbox.replace(replace(row, state=OutboxState.DEAD, message="SM1"))
            assert await tx.outbox.by_message("telegram", "SM1") is None

    async def test_a_newer_one_takes_the_place_of_a_queued_latest(self, store: Store) -> None:
        latest = replace(outbox_record("v1"), delivery=Delivery.LATEST, topic="prompt:p1")
        async with store.transaction() as tx:
            for record in [
                outbox_record("must", topic="prompt:p1"),
                latest,
                replace(latest, key="other topic", topic="prompt:p2"),
                replace(latest, key="other recipient", address="8"),
                replace(latest, key="no topic", topic=""),
                replace(latest, key="no topic either", topic=""),
                replace(latest, key="v2"),
            ]:
                assert await tx.outbox.add(record)
            kept = [row.key for row in await tx.outbox.due(NOW)]
            assert not await tx.outbox.add(latest)
        assert kept == [
            "must",
            "other topic",
            "other recipient",
            "no topic",
            "no topic either",
            "v2",
        ]

    async def test_what_is_being_sent_is_not_dropped(self, store: Store) -> None:
        latest = replace(outbox_record("v1"), delivery=Delivery.LATEST, topic="prompt:p1")
        async with store.transaction() as tx:
            await tx.outbox.add(latest)
            (row,) = await tx.outbox.due(NOW)
            await tx.outbox.replace(replace(row, state=OutboxState.SENDING))
            await tx.outbox.add(replace(latest, key="v2"))
            assert await tx.outbox.release(OutboxState.SENDING) == 1
            assert await tx.outbox.release(OutboxState.SENDING) == 0
            assert [row.key for row in await tx.outbox.due(NOW)] == ["v1", "v2"]

    async def test_a_row_that_is_not_there_cannot_be_replaced(self, store: Store) -> None:
        async with store.transaction() as tx:
            with pytest.raises(NotFound):
                await tx.outbox.replace(replace(outbox_record(), id=5))

    async def test_any_text_goes_out_as_it_came_in(self, store: Store) -> None:
        notice = Notice(NoticeKind.REPLY, "a \x00 b \ud83d c \x1a d \\u0000 e")
        record = replace(outbox_record("\x00key\udfff"), notice=notice)
        async with store.transaction() as tx:
            await tx.outbox.add(record)
            assert not await tx.outbox.add(record)
            (row,) = await tx.outbox.due(NOW)
        assert row == replace(record, id=row.id)
