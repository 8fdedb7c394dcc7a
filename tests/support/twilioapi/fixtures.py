"""For a ``conftest.py``: ``from tests.support.twilioapi.fixtures import twilio as twilio``. What a
test lets the gateway do has to be Twilio's API; a test that wants something else clears
``twilio.misuse``."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.twilioapi.server import FakeTwilio


@pytest_asyncio.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    twilio = FakeTwilio()
    async with twilio.running():
        yield twilio
    assert not twilio.misuse, "\n".join(["not Twilio's API:", *twilio.misuse])
