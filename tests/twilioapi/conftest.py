from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.twilioapi.oracle import TwilioOracle
from tests.support.twilioapi.person import Person
from tests.support.twilioapi.server import FakeTwilio
from tests.twilioapi.gateway import Gateway


@pytest_asyncio.fixture
async def twilio(twilio_oracle: TwilioOracle | None) -> AsyncIterator[FakeTwilio]:
    """Here the gateway may do what is wrong; the fake itself may not."""
    twilio = FakeTwilio()
    async with twilio.running():
        yield twilio
    if twilio_oracle:
        assert twilio_oracle.complaints(twilio) == []


@pytest_asyncio.fixture
async def ann(twilio: FakeTwilio) -> Person:
    return twilio.person("+491701234567", "Ann")


@pytest_asyncio.fixture
async def gateway(twilio: FakeTwilio) -> AsyncIterator[Gateway]:
    async with Gateway.of(twilio) as gateway:
        yield gateway
