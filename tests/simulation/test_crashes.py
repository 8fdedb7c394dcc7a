"""Hundreds of decisions by a gateway that is killed every few moments."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.ids import PaneKey, PromptId
from bot.core.press import Guard, Outcome, PressResult, Refusal
from bot.core.records import PressRecord, PressState, PromptRecord
from bot.ports.clock import Clock
from bot.ports.keyboard import Keyboard
from bot.services.gateway import Services
from bot.services.pressing import Presser
from tests.simulation.story import play, violations
from tests.simulation.world import Mutate
from tests.support.faketmux import FakeTmux
from tests.support.virtual import VirtualClock, virtual

STORIES = 20 if os.environ.get("WINGMAN_TEST_LONG") else 3
"""Of fifty decisions each."""

LIE = "told as refused, but a key went in"


@pytest.mark.parametrize("seed", range(STORIES))
@virtual
async def test_killed_at_any_point_nothing_is_wrong_doubled_lost_or_misreported(
    tmp_path: Path, seed: int
) -> None:
    story = await play(tmp_path, seed, 50)

    assert await violations(story) == []
    assert story.lives.kills > 20
    assert len(story.lives.strokes) > 20


class CarelessTmux(FakeTmux):
    """Does not look at the screen before it presses."""

    def _refusal(self, guard: Guard) -> Refusal | None:
        found = super()._refusal(guard)
        return None if found is Refusal.SCREEN_CHANGED else found


@virtual
async def test_without_the_comparison_keys_go_into_other_prompts(tmp_path: Path) -> None:
    assert await _goes_wrong(tmp_path, "went into", tmux=CarelessTmux)


class Forgetful:
    """Never knows which key went in last."""

    def __init__(self, real: Keyboard) -> None:
        self.press = real.press
        self._real = real

    async def marker(self, pane: PaneKey) -> str | None:
        found = await self._real.marker(pane)
        return None if found is None else ""


def ignores_the_marker(services: Services) -> None:
    services.recovery._keyboard = Forgetful(services.recovery._keyboard)


@virtual
async def test_without_the_marker_keys_that_went_in_are_told_as_not_pressed(
    tmp_path: Path,
) -> None:
    assert await _goes_wrong(tmp_path, LIE, mutate=ignores_the_marker, first=8)


class Hasty(Presser):
    """Writes down a key only after it went in."""

    async def _attempt(self, row: PressRecord) -> None:
        return

    async def _record(self, row: PressRecord, result: PressResult, by: str) -> None:
        if result.outcome is not Outcome.PRESSED and (
            result.refusal is not Refusal.ALREADY_PRESSED
        ):
            return
        async with self._store.transaction() as tx:
            await tx.presses.add(row)
            await tx.presses.advance(row.id, PressState.APPLIED)
            record = await tx.prompts.get(PromptId(row.owner))
            if record is not None and row.deciding:
                await tx.prompts.replace(_applied(record))


def _applied(record: PromptRecord) -> PromptRecord:
    return replace(record, state=PromptState.APPLIED)


def skips_the_attempting_row(services: Services) -> None:
    old = services.approvals._carrier._presser
    hasty = Hasty(old._store, old._keyboard, old._eyes, old._ledger, old._clock, old._agents)
    services.approvals._carrier._presser = hasty


@virtual
async def test_without_the_attempting_row_keys_that_went_in_are_told_as_not_pressed(
    tmp_path: Path,
) -> None:
    # The lie is a rare one: most stories have it not, and this one has.
    assert await _goes_wrong(tmp_path, LIE, mutate=skips_the_attempting_row, first=8)


async def _goes_wrong(
    path: Path,
    words: str,
    tmux: Callable[[Clock], FakeTmux] = FakeTmux,
    mutate: Mutate = lambda services: None,
    first: int = 0,
) -> bool:
    """Whether that is found out with a part switched off, within a few stories."""
    for seed in range(first, first + 10):
        folder = path / str(seed)
        folder.mkdir()
        story = await play(folder, seed, 25, tmux=tmux(VirtualClock()), mutate=mutate)
        if any(words in line for line in await violations(story)):
            return True
    return False
