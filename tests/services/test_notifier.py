"""Who gets a notice, and under which key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import OutboxRecord
from bot.ports.store import Store
from bot.services.notifier import Notifier
from tests.support.phone import FakePhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import ledger

NOTICE = Notice(NoticeKind.STATE, "shop ended")
PHONES = (
    FakePhone("one", allowed={"1": "ann", "2": "bob", "3": "ann"}),
    FakePhone("two", allowed={"7": "ann"}),
)


async def queued(store: Store) -> list[OutboxRecord]:
    async with store.snapshot() as tx:
        return list(await tx.outbox.due(VirtualClock().now() + timedelta(days=1)))


def recipients(rows: list[OutboxRecord]) -> list[tuple[str, str]]:
    return sorted((row.channel, row.address) for row in rows)


@virtual
async def test_everybody_is_told_once_at_each_address(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await Notifier(PHONES, VirtualClock()).tell_all(tx, "k", NOTICE, Urgency.HELP)
        assert recipients(await queued(store)) == [("one", "ann"), ("one", "bob"), ("two", "ann")]


@virtual
async def test_who_was_paired_is_told_too_and_nobody_twice(tmp_path: Path) -> None:
    paired = {"one": {"4": "dan", "5": "ann"}, "off": {"6": "eve"}}
    notifier = Notifier(PHONES, VirtualClock(), lambda channel: paired.get(channel, {}))
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await notifier.tell_all(tx, "k", NOTICE, Urgency.HELP)
            await notifier.tell_others(tx, "o", NOTICE, Urgency.HELP, ("one", "ann"))
        told = recipients(await queued(store))
        all_ = [("one", "ann"), ("one", "bob"), ("one", "dan"), ("two", "ann")]
        assert told == sorted([*all_, *all_[1:]])


class Forum(FakePhone):
    gathering = "the group"


@virtual
async def test_where_a_channel_gathers_everybody_no_one_is_told_apart(tmp_path: Path) -> None:
    forum = Forum("one", allowed={"1": "the group"})
    notifier = Notifier((forum,), VirtualClock(), lambda _: {"4": "dan"})
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await notifier.tell_all(tx, "k", NOTICE, Urgency.HELP)
        assert recipients(await queued(store)) == [("one", "the group")]


def test_it_knows_whom_a_channels_own_list_has_told() -> None:
    notifier = Notifier(PHONES, VirtualClock(), lambda _: {"4": "dan"})
    assert notifier.lists("one", "bob")
    assert not notifier.lists("one", "dan")
    assert not notifier.lists("two", "bob")


@virtual
async def test_the_same_key_is_told_once(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        for _ in range(2):
            async with store.transaction() as tx:
                await Notifier(PHONES, VirtualClock()).tell_all(tx, "k", NOTICE, Urgency.HELP)
        assert len(await queued(store)) == 3


@virtual
async def test_what_is_rolled_back_is_told_to_nobody(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        try:
            async with store.transaction() as tx:
                await Notifier(PHONES, VirtualClock()).tell_all(tx, "k", NOTICE, Urgency.HELP)
                raise LookupError
        except LookupError:
            pass
        assert await queued(store) == []


@virtual
async def test_a_reply_goes_to_one_address_and_before_chatter(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await Notifier(PHONES, VirtualClock()).reply(tx, "k", ("one", "bob"), NOTICE)
        (row,) = await queued(store)
        assert (row.channel, row.address, row.urgency) == ("one", "bob", Urgency.APPROVAL)


@virtual
async def test_a_reply_to_the_machine_itself_goes_to_all_phones(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await Notifier(PHONES, VirtualClock()).reply(tx, "k", ("cli", ""), NOTICE)
        assert len(await queued(store)) == 3


@virtual
async def test_only_the_newest_state_of_a_card_waits(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        notifier = Notifier(PHONES, VirtualClock())
        for number in range(3):
            async with store.transaction() as tx:
                notice = Notice(NoticeKind.CLOSED, f"state {number}")
                await notifier.update_cards(tx, f"closed:{number}", notice, "prompt:p1")
        assert {row.notice.title for row in await queued(store)} == {"state 2"}


@virtual
async def test_a_notice_is_given_up_after_a_day(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        async with store.transaction() as tx:
            await Notifier(PHONES, VirtualClock()).reply(tx, "k", ("one", "bob"), NOTICE)
        (row,) = await queued(store)
        assert row.give_up_at - row.created_at == timedelta(hours=24)
