from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.checks import channels
from bot.core.checks import Level
from bot.settings import load
from tests.support.botapi.server import FakeBotApi


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("empty")
async def test_no_chat_is_no_trouble() -> None:
    (check,) = await channels.accounts(load())

    assert (check.id, check.level) == ("channels", Level.OFF)


@pytest.mark.usefixtures("empty")
async def test_a_bot_is_asked_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    api = FakeBotApi()
    async with api.running():
        monkeypatch.setenv("WINGMAN_TELEGRAM__API_BASE", api.base_url)
        monkeypatch.setenv("WINGMAN_TELEGRAM__ALLOWED_USERS", "7001")
        monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", api.token)
        good = await channels.accounts(load())
        monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", "1:" + "A" * 35)
        (bad,) = await channels.accounts(load())
    assert {call.method for call in api.calls} <= {"getMe", "getWebhookInfo"}

    assert (good[0].id, good[0].level) == ("telegram.token", Level.OK)
    assert (bad.id, bad.level) == ("telegram.token", Level.RED)
    assert bad.cure
    assert "AAAA" not in bad.says + bad.cure
