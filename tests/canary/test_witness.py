"""What a trial's own ledger says of how an answer went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from bot.canary.witness import Witness
from bot.core.lifecycle import Phase
from bot.core.records import PressState
from bot.core.trials import Way
from tests.support.ledger_rows import pane, press_record, prompt_record
from tests.support.surface import make_session

DONE, REFUSED, UNKNOWN = PressState.APPLIED, PressState.REFUSED, PressState.UNKNOWN


@pytest.mark.parametrize(
    ("rows", "way"),
    [
        ([], None),
        ([("Down", DONE), ("Enter", DONE)], Way.PANE),
        ([("hook: allow", DONE)], Way.HOOK),
        ([("hook: allow", REFUSED), ("Enter", DONE)], Way.PANE),
        ([("hook: allow", UNKNOWN), ("Enter", DONE)], None),
        ([("Enter", REFUSED)], None),
    ],
)
async def test_the_way_is_told_by_what_was_done(
    tmp_path: Path, rows: Sequence[tuple[str, PressState]], way: Way | None
) -> None:
    async with await SqlStore.open(tmp_path / "wingman.db") as store:
        record = prompt_record()
        async with store.transaction() as tx:
            await tx.prompts.add(record)
            for step, (keys, state) in enumerate(rows):
                row = press_record(str(record.id), step)
                await tx.presses.add(replace(row, keys=keys, state=state))

        assert await Witness(store).went(record.code) is way


async def test_only_a_hook_that_told_of_it_was_heard(tmp_path: Path) -> None:
    async with await SqlStore.open(tmp_path / "wingman.db") as store:
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record("p1"))
            await tx.prompts.add(prompt_record("p2", pane=pane("%2"), call="c7"))
        witness = Witness(store)

        assert not await witness.heard_by_hook("code-p1")
        assert await witness.heard_by_hook("code-p2")
        assert not await witness.heard_by_hook("none")
        assert await witness.went("none") is None


async def test_all_that_was_begun_is_known_also_when_it_has_ended(tmp_path: Path) -> None:
    async with await SqlStore.open(tmp_path / "wingman.db") as store:
        async with store.transaction() as tx:
            await tx.sessions.put(make_session("one", 1))
            await tx.sessions.put(make_session("two", 2, phase=Phase.ENDED))

        assert await Witness(store).begun() == {5001, 5002}
