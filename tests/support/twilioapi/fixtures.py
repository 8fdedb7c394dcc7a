"""For a ``conftest.py``: ``from tests.support.twilioapi.fixtures import twilio as twilio``. The
oracle stands in the topmost: a folder that had it would start one of its own. What a test lets the
gateway do has to be Twilio's API; a test that wants something else clears ``twilio.misuse``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.support.twilioapi.oracle import TwilioOracle, absent
from tests.support.twilioapi.server import FakeTwilio


@pytest.fixture(scope="session")
def twilio_oracle() -> Iterator[TwilioOracle | None]:
    """None where Prism or Twilio's files are missing: then the fake's own strictness has to do."""
    if absent():
        yield None
        return
    with TwilioOracle.running() as oracle:
        yield oracle


@pytest_asyncio.fixture
async def twilio(twilio_oracle: TwilioOracle | None) -> AsyncIterator[FakeTwilio]:
    twilio = FakeTwilio()
    async with twilio.running():
        yield twilio
    wrong = twilio.misuse + (twilio_oracle.complaints(twilio) if twilio_oracle else [])
    assert not wrong, "\n".join(["not Twilio's API:", *wrong])
