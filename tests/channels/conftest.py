from collections.abc import AsyncIterator

import pytest

from tests.channels._telegram.phone import ANN, Rig
from tests.support.botapi.server import FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi().running() as api:
        api.person(ANN, "Ann")
        yield api
    assert api.misuse == []


@pytest.fixture
async def rig(api: FakeBotApi) -> AsyncIterator[Rig]:
    async with Rig(api).running() as rig:
        await rig.until(lambda: api.calls_of("getUpdates"))
        yield rig
