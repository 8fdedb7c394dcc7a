"""Hundreds of decisions by a gateway that is killed every few moments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.story import play, violations
from tests.support.virtual import virtual


@pytest.mark.parametrize("seed", range(6))
@virtual
async def test_killed_at_any_point_nothing_is_wrong_doubled_lost_or_misreported(
    tmp_path: Path, seed: int
) -> None:
    story = await play(tmp_path, seed, 50)

    assert await violations(story) == []
    assert story.lives.kills > 20
    assert len(story.lives.strokes) > 10
