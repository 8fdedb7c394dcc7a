"""Inbox and outbox in the database."""

from dataclasses import replace

from bot.adapters.store.store import SqlStore
from tests.contracts.queues_contract import InboxContract, OutboxContract
from tests.support.ledger_rows import NOW, outbox_record


class TestInbox(InboxContract):
    pass


class TestOutbox(OutboxContract):
    async def test_a_channel_that_is_down_hides_no_other(self, store: SqlStore) -> None:
        async with store.transaction() as tx:
            for number in range(3):
                await tx.outbox.add(outbox_record(f"t{number}"))
            await tx.outbox.add(replace(outbox_record("w"), channel="whatsapp"))
            due = await tx.outbox.due(NOW, 2, channel="whatsapp")
            assert [row.key for row in due] == ["w"]
            assert await tx.outbox.next_due(channel="whatsapp") == NOW
            assert await tx.outbox.next_due(channel="local") is None
