from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.world import World, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(World(tmp_path)) as started:
        yield started
