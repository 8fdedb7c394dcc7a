from collections.abc import AsyncIterator

import pytest_asyncio

from tests.botapi.bot import Bot
from tests.support.botapi.oracle import TelegramOracle
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi


@pytest_asyncio.fixture
async def api(telegram_oracle: TelegramOracle | None) -> AsyncIterator[FakeBotApi]:
    """Here the bot may do what is wrong; the fake itself may not."""
    api = FakeBotApi()
    async with api.running():
        yield api
    if telegram_oracle:
        assert telegram_oracle.complaints(api) == []


@pytest_asyncio.fixture
async def ann(api: FakeBotApi) -> Person:
    return api.person(7001, "Ann")


@pytest_asyncio.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with Bot(api) as running:
        yield running
