"""Who posts where only a provider may is noted, and cannot fill the ledger."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.ports.store import Store
from bot.ports.webhook import Webhook
from bot.services.doorkeeping import SHOWN, SPAN, Doorkeeping
from tests.support.clock import FakeClock
from tests.support.stores import temporary_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with temporary_store(tmp_path) as store:
        yield store


async def answer(headers: Mapping[str, str], body: bytes) -> int:
    return int(headers.get("status", "200"))


async def rows(store: Store) -> list[tuple[str, str, int]]:
    async with store.snapshot() as tx:
        found = await tx.audit.since(None)
    return [(row.event, row.subject, json.loads(row.data)["before"]) for row in found]


async def test_a_refusal_is_noted_and_an_answer_is_not(store: Store) -> None:
    hook = Doorkeeping(store, FakeClock()).over(Webhook("/x/webhook", answer, says="<ok/>"))
    assert (hook.path, hook.says) == ("/x/webhook", "<ok/>")
    statuses = [await hook.handle({"status": status}, b"") for status in ("200", "503", "403")]
    assert statuses == [200, 503, 403]
    assert await rows(store) == [("webhook.refused", "/x/webhook", 0)]


async def test_a_flood_is_a_few_rows_and_a_number(store: Store) -> None:
    clock = FakeClock()
    hook = Doorkeeping(store, clock).over(Webhook("/x/webhook", answer))
    for _ in range(SHOWN + 20):
        await hook.handle({"status": "403"}, b"")
    assert len(await rows(store)) == SHOWN
    await clock.advance(SPAN.total_seconds())
    await hook.handle({"status": "403"}, b"")
    assert (await rows(store))[-1] == ("webhook.refused", "/x/webhook", 20)
