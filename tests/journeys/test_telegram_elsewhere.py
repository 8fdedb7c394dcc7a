"""The conversation with a Telegram that others have made: ours is not the only judge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.real_agents import packages
from tests.support.botapi.elsewhere import TOKEN, Elsewhere
from tests.support.crew import Crew
from tests.support.process import GatewayProcess
from tests.support.waiting import until

VERSION = "4.2.1"
REASON = packages.missing("telegram-test-api", VERSION)

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(REASON), reason=REASON),
]


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    async with Elsewhere().running(packages.program("telegram-test-api", VERSION)) as running:
        yield running


async def test_a_message_a_card_and_a_tap(tmp_path: Path, elsewhere: Elsewhere) -> None:
    crew = Crew(tmp_path, {})
    gateway = GatewayProcess(
        tmp_path,
        crew.socket,
        TELEGRAM__TOKEN=TOKEN,
        TELEGRAM__API_BASE=elsewhere.base_url,
        TELEGRAM__ALLOWED_USERS="7001",
    )
    try:
        await gateway.up()
        await elsewhere.says("ping")
        await until(lambda: elsewhere.card("pong"), within=20)
        crew.hire("shop", {"bash": "npm run build", "id": "build", "about": "Build it"})
        card = await until(lambda: elsewhere.card("npm run build"), within=20)
        assert card is not None
        [allow, *_] = card["reply_markup"]["inline_keyboard"][0]
        assert (allow["text"], allow["style"]) == ("Approve", "success")
        await elsewhere.taps(card["message_id"], allow["callback_data"])
        await until(lambda: [e for e in crew.events() if e["event"] == "allowed"], within=20)
        await until(lambda: elsewhere.card("approved (once)"))
        assert "answerCallbackQuery" in elsewhere.asked
        assert len([one for one in await elsewhere.cards() if "pong" in one["text"]]) == 1
    finally:
        await gateway.down()
        crew.end()
