"""What is held, and why, as a database keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import Delivery, HeldRecord, RulingRecord
from bot.ports.store import Store
from tests.support.ledger_rows import NOW
from tests.support.stores import temporary_store

HOUR = timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with temporary_store(tmp_path) as opened:
        yield opened


def held(key: str, **changes: object) -> HeldRecord:
    notice = Notice(NoticeKind.REMINDER, key, code="k3f9", failure=True)
    made = HeldRecord(
        key,
        "fake",
        "1",
        Urgency.HELP,
        Delivery.LATEST,
        notice,
        "t",
        NOW,
        NOW + HOUR,
        "mute",
        "Ann",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_held_until_it_is_due(store: Store) -> None:
    late, soon = held("a"), held("b", topic="u", until=NOW)
    async with store.transaction() as tx:
        assert await tx.held.next_due() is None
        assert await tx.held.add(late)
        assert await tx.held.add(soon)
        assert not await tx.held.add(replace(late, reason="again"))
        assert await tx.held.due(NOW) == (soon,)
        assert await tx.held.due(NOW + HOUR) == (late, soon)
        assert await tx.held.of("t") == (late,)
        assert await tx.held.next_due() == NOW
        await tx.held.remove("b")
        assert await tx.held.next_due() == NOW + HOUR


async def test_only_the_newest_of_a_topic(store: Store) -> None:
    card = held("c", notice=Notice(NoticeKind.PROMPT, "c"), delivery=Delivery.MUST)
    elsewhere = held("d", address="2")
    async with store.transaction() as tx:
        for one in (card, elsewhere, held("a"), held("b")):
            await tx.held.add(one)
        assert await tx.held.of("t") == (card, elsewhere, held("b"))


async def test_put_off_and_looked_at_again(store: Store) -> None:
    later = held("a", until=NOW + 2 * HOUR, rule="quiet", reason="night", fold=True)
    async with store.transaction() as tx:
        await tx.held.add(held("a"))
        await tx.held.postpone(later)
        assert await tx.held.of("t") == (later,)
        assert await tx.held.all() == (later,)
        assert await tx.held.review(NOW) == 1
        assert await tx.held.due(NOW) == (replace(later, until=NOW),)


async def test_rulings_about_a_prompt(store: Store) -> None:
    one = RulingRecord(
        NOW, "k3f9", "shop", "fake", "1", "prompt", "hold", "mute", "Ann", NOW + HOUR
    )
    two = replace(one, at=NOW + HOUR, action="send", until=None)
    async with store.transaction() as tx:
        for ruling in (one, replace(one, code="other"), two):
            await tx.rulings.add(ruling)
        assert await tx.rulings.about("k3f9") == (one, two)
        assert [r.at for r in await tx.rulings.since(NOW + HOUR)] == [two.at]
        assert await tx.rulings.prune(NOW + HOUR) == 2
        assert await tx.rulings.about("k3f9") == (two,)
