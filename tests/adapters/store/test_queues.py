"""Inbox and outbox in the database."""

from dataclasses import replace
from datetime import timedelta

from bot.adapters.store.store import SqlStore
from bot.core.records import OutboxRecord
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


async def test_what_names_a_session(store: SqlStore) -> None:
    def about(key: str, session: str) -> OutboxRecord:
        row = outbox_record(key)
        return replace(row, notice=replace(row.notice, session=session, title=f'"{session}"'))

    rows = [about("a", "shop"), about("b", "shop_2"), about("c", "caf\u00e9%"), about("d", "")]
    async with store.transaction() as tx:
        await tx.outbox.add(*rows)
        for session, keys in (("shop", ["a"]), ("shop_2", ["b"]), ("caf\u00e9%", ["c"])):
            assert [row.key for row in await tx.outbox.naming(session, NOW)] == keys
        assert await tx.outbox.naming("shop", NOW + timedelta(seconds=1)) == ()
