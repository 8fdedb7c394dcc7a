"""Sessions by name, prefix and number; changes that lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import NotFound
from bot.core.ids import PaneId, SessionName
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.services.roster import Roster
from tests.support.ledger_rows import pane, session
from tests.support.virtual import virtual
from tests.support.world import ledger


@asynccontextmanager
async def roster_of(folder: Path, *names: str) -> AsyncIterator[Roster]:
    async with ledger(folder) as store:
        roster = Roster(store)
        for number, name in enumerate(names):
            async with store.transaction() as tx:
                made = replace(session(name), pane=pane(f"%{number}"), phase=Phase.IDLE)
                await roster.put(tx, made)
            roster.publish(made)
        yield roster


async def end(roster: Roster, name: str) -> None:
    await roster.change(SessionName(name), lambda s: replace(s, phase=Phase.ENDED))


def names(found: tuple[Session, ...]) -> list[str]:
    return [session.name for session in found]


@virtual
async def test_a_whole_name_goes_before_a_prefix(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "api", "api-docs", "shop") as roster:
        assert names(roster.named("api")) == ["api"]
        assert names(roster.named("api-")) == ["api-docs"]
        assert names(roster.named("S")) == ["shop"]
        assert names(roster.named("ap")) == ["api", "api-docs"]
        assert roster.named("") == ()
        assert roster.named("pi") == ()


@virtual
async def test_an_ambiguous_or_unknown_name_is_nobody(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "api", "app") as roster:
        for word in ("a", "x", ""):
            with pytest.raises(NotFound, match="api, app"):
                roster.require(word)


@virtual
async def test_a_number_means_that_persons_last_list(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "api", "shop") as roster:
        roster.number("ann", (SessionName("shop"), SessionName("api")))
        assert names(roster.named("1", "ann")) == ["shop"]
        assert roster.named("1", "bob") == ()
        assert roster.named("3", "ann") == ()
        assert roster.named("0", "ann") == ()


@virtual
async def test_a_session_that_ended_is_found_by_its_whole_name_only(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "shop") as roster:
        await end(roster, "shop")
        assert roster.named("sh") == ()
        assert names(roster.named("shop")) == ["shop"]
        assert roster.live() == ()


@virtual
async def test_of_two_sessions_of_a_pane_the_live_one_counts(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "old", "shop") as roster:
        await end(roster, "old")
        await roster.change(SessionName("shop"), lambda s: replace(s, pane=pane("%0")))
        found = roster.on(pane("%0"))
        assert found is not None
        assert found.name == "shop"
        assert roster.by_pane_id(PaneId("%0")) == found


@virtual
async def test_changes_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    async with roster_of(tmp_path, "shop") as roster:
        name = SessionName("shop")
        await asyncio.gather(
            roster.change(name, lambda s: replace(s, watched=False)),
            roster.change(name, lambda s: replace(s, task="build")),
            *(roster.change(name, lambda s: replace(s, epoch=s.epoch + 1)) for _ in range(20)),
        )
        await roster.load()
        shop = roster.require("shop")
        assert (shop.watched, shop.task, shop.epoch) == (False, "build", 20)


@virtual
async def test_a_change_of_nobody_is_none(tmp_path: Path) -> None:
    async with roster_of(tmp_path) as roster:
        assert await roster.change(SessionName("shop")) is None


@virtual
async def test_a_lock_in_use_is_not_forgotten(tmp_path: Path) -> None:
    async with roster_of(tmp_path) as roster:
        lock = roster.lock(pane())
        async with lock:
            roster.forget_lock(pane())
            assert roster.lock(pane()) is lock
        roster.forget_lock(pane())
        assert roster.lock(pane()) is not lock
