"""What a look at a bot finds."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.channels._telegram.api import Hook
from bot.channels._telegram.checking import checks
from bot.channels._telegram.faults import TokenInvalid
from bot.channels._telegram.updates import Me
from bot.channels.telegram import CHANNEL
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.ports.channel import Rejected, Unreachable
from bot.settings import Settings
from tests.channels._telegram.rig import FakeApi
from tests.support.botapi.server import FakeBotApi
from tests.support.clock import START

GROUP = -1001234567890
PUBLIC = "https://wingman.example.org"


def settings(**more: Any) -> Settings:
    given = {"token": "1:abc", "allowed_users": "7001", **more}
    return Settings(telegram=given, web={"public_url": PUBLIC})  # type: ignore[arg-type]


async def look(api: FakeApi, id_: str, **more: Any) -> Check:
    found = await checks(api, settings(**more), START)
    return next(check for check in found if check.id == id_)


async def test_a_bot_that_is_well() -> None:
    found = await checks(FakeApi(), settings(), START)
    assert [check.id for check in found] == [
        "telegram.token",
        "telegram.people",
        "telegram.webhook",
    ]
    assert {check.level for check in found} == {Level.OK}


@pytest.mark.parametrize(
    ("fault", "level", "words"),
    [
        (TokenInvalid("Unauthorized"), Level.RED, "does not take this token"),
        (Unreachable("no route"), Level.WARN, "can't be asked now (no route)"),
    ],
)
async def test_without_the_bot_there_is_no_more_to_say(
    fault: WingmanError, level: Level, words: str
) -> None:
    api = FakeApi()
    api.mes = [fault]
    (only,) = await checks(api, settings(group=GROUP), START)
    assert (only.id, only.level) == ("telegram.token", level)
    assert words in only.says


OURS = f"{PUBLIC}/telegram/webhook"
NOW = START.timestamp()


@pytest.mark.parametrize(
    ("hook", "mode", "level"),
    [
        (Hook(""), "polling", Level.OK),
        (Hook(""), "webhook", Level.OFF),
        (Hook(OURS), "webhook", Level.OK),
        (Hook(OURS, "Connection refused", NOW - 60), "webhook", Level.RED),
        (Hook(OURS, "Connection refused", NOW - 86_400), "webhook", Level.OK),
        (Hook("https://other.example.org/secret"), "polling", Level.RED),
        (Unreachable("no route"), "polling", Level.WARN),
    ],
)
async def test_the_webhook(hook: Hook | Exception, mode: str, level: Level) -> None:
    found = await look(FakeApi(hooks=[hook]), "telegram.webhook", mode=mode)
    assert found.level is level
    assert "secret" not in found.says


async def test_who_may_act() -> None:
    nobody = await look(FakeApi(), "telegram.people", allowed_users="")
    assert nobody.level is Level.OFF


async def test_threaded_mode() -> None:
    off = await look(FakeApi(), "telegram.topics", layout="topics")
    on = await look(FakeApi(bot=Me(1, "a", topics=True)), "telegram.topics", layout="topics")
    assert (off.level, on.level) == (Level.RED, Level.OK)
    assert off.cure.startswith("in @BotFather")


async def test_what_it_hears_in_a_group() -> None:
    admin = await look(FakeApi(), "telegram.group", group=GROUP)
    private = await look(FakeApi(is_admin=False), "telegram.group", group=GROUP)
    open_ = FakeApi(is_admin=False, bot=Me(1, "a", hears_groups=True))
    hears = await look(open_, "telegram.group", group=GROUP)
    assert (admin.level, private.level, hears.level) == (Level.OK, Level.WARN, Level.WARN)
    assert "privacy mode is on" in private.says
    assert "it hears every message" in hears.says


@pytest.mark.parametrize(
    ("fault", "level"),
    [(Rejected("chat not found"), Level.RED), (Unreachable("no route"), Level.WARN)],
)
async def test_a_group_it_is_not_in(fault: WingmanError, level: Level) -> None:
    found = await look(FakeApi(refuses={"leads": fault}), "telegram.group", group=GROUP)
    assert found.level is level


async def test_a_real_request_for_each(telegram: FakeBotApi) -> None:
    group = telegram.group(GROUP, "Agents", forum=True)
    given = {"token": telegram.token, "api_base": telegram.base_url, "group": group.id}
    assert CHANNEL.checks is not None
    found = await CHANNEL.checks(settings(**given), SystemClock())
    assert [call.method for call in telegram.calls] == ["getMe", "getWebhookInfo", "getChatMember"]
    assert found[-1].id == "telegram.group"
