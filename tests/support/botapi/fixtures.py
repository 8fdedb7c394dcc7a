"""For a ``conftest.py``: ``from tests.support.botapi.fixtures import telegram as telegram``. The
oracle stands in the topmost: a folder that had it would start one of its own. What a test lets the
bot do has to be the Bot API; a test that wants something else clears ``telegram.misuse``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.support.botapi.oracle import TelegramOracle, absent
from tests.support.botapi.server import FakeBotApi


@pytest.fixture(scope="session")
def telegram_oracle() -> Iterator[TelegramOracle | None]:
    """None where aiogram is not installed: then the fake's own strictness has to do."""
    if absent():
        yield None
        return
    with TelegramOracle.running() as oracle:
        yield oracle


@asynccontextmanager
async def strict(oracle: TelegramOracle | None) -> AsyncIterator[FakeBotApi]:
    api = FakeBotApi()
    async with api.running():
        yield api
    wrong = api.misuse + (oracle.complaints(api) if oracle else [])
    assert not wrong, "\n".join(["not the Bot API:", *wrong])


@pytest_asyncio.fixture
async def telegram(telegram_oracle: TelegramOracle | None) -> AsyncIterator[FakeBotApi]:
    async with strict(telegram_oracle) as api:
        yield api
