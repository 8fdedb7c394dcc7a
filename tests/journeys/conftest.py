from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.botapi.fixtures import telegram as telegram
from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.twilioapi.fixtures import twilio as twilio


@pytest.fixture
async def home(tmp_path: Path, telegram: FakeBotApi) -> AsyncIterator[Home]:
    async with Home(tmp_path, telegram).open() as opened:
        yield opened
