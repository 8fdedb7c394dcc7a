from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.twilioapi.gateway import Gateway


@pytest_asyncio.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    """Here the gateway may do what is wrong."""
    twilio = FakeTwilio()
    async with twilio.running():
        yield twilio


@pytest_asyncio.fixture
async def ann(twilio: FakeTwilio) -> Person:
    return twilio.person("+491701234567", "Ann")


@pytest_asyncio.fixture
async def gateway(twilio: FakeTwilio) -> AsyncIterator[Gateway]:
    async with Gateway.of(twilio) as gateway:
        yield gateway
