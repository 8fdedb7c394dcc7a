from collections.abc import AsyncIterator

import pytest_asyncio

from tests.botapi.bot import Bot
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi().running() as running:
        yield running


@pytest_asyncio.fixture
async def ann(api: FakeBotApi) -> Person:
    return api.person(7001, "Ann")


@pytest_asyncio.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with Bot(api) as running:
        yield running
