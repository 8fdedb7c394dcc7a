"""However much strangers send, the log and the ledger stay small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from bot.core.decisions import Inbound
from bot.core.ids import EventId
from bot.ports.store import Store
from bot.services.strangers import SHOWN, Strangers
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import ledger


def words(user: str, event: int, channel: str = "fake") -> Inbound:
    return Inbound(channel, EventId(str(event)), user, "Mallory", f"chat-{user}", "hello")


async def rows(store: Store) -> list[tuple[str, dict[str, Any]]]:
    async with store.snapshot() as tx:
        return [(row.actor, json.loads(row.data)) for row in await tx.audit.since(None)]


@virtual
async def test_one_who_floods_is_one_line_and_a_number(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        clock = VirtualClock()
        strangers = Strangers(store, clock)
        with capture_logs() as logs:
            for number in range(10_000):
                await strangers.turned_away(words("666", number), "not on the list")
            await clock.sleep(3600)
            await strangers.turned_away(words("666", 10_000), "not on the list")
        assert [entry["before"] for entry in logs] == [0, 9_999]
        assert await rows(store) == [
            ("fake:666", {"why": "not on the list", "before": 0}),
            ("fake:666", {"why": "not on the list", "before": 9_999}),
        ]


@virtual
async def test_many_who_flood_are_a_few_lines(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        clock = VirtualClock()
        strangers = Strangers(store, clock)
        for number in range(1000):
            await strangers.turned_away(words(str(number), number), "not on the list")
        assert len(await rows(store)) == SHOWN
        await clock.sleep(3600)
        await strangers.turned_away(words("0", 1000), "not on the list")
        assert (await rows(store))[-1][1]["before"] == 1000 - SHOWN


@virtual
async def test_each_reason_and_each_channel_is_told(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        strangers = Strangers(store, VirtualClock())
        for channel in ("fake", "other"):
            for why in ("not on the list", "a wrong code", "a wrong code"):
                await strangers.turned_away(words("666", 1, channel), why)
        told = [(actor, data["why"]) for actor, data in await rows(store)]
        assert told == [
            (actor, why)
            for actor in ("fake:666", "other:666")
            for why in ("not on the list", "a wrong code")
        ]
