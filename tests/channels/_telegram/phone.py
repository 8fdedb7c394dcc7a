"""The channel, connected to a strict Telegram on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.channels import ChannelContext, CommandHint
from bot.channels._telegram.channel import Telegram
from bot.channels.telegram import BotApi
from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle
from bot.settings import Settings, TelegramSettings
from tests.channels._telegram.rig import Desk, FakeMemory
from tests.support.botapi.server import FakeBotApi
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import LoopClock

ANN = 7001
GROUP = -1001234567890
HINTS = (CommandHint("approve", "allow it once"), CommandHint("Not a name", "left out"))

CARD = Notice(
    NoticeKind.PROMPT,
    "🔒 Session 'a' needs approval",
    (Part("Bash"), Part("rm -rf build/ # 😀", PartStyle.CODE), Part("+ new", PartStyle.DIFF)),
    (
        Button("Approve", "approve k3f9", ButtonStyle.ALLOW),
        Button("Always…", "always k3f9"),
        Button("Deny", "deny k3f9", ButtonStyle.DENY),
    ),
    session="a",
    code="k3f9",
    attach="tmux attach -t =a",
)
CLOSED = Notice(NoticeKind.CLOSED, "✓ Session 'a' approved (once)", session="a", code="k3f9")


class Hurry(LoopClock):
    """Real time, with pauses left out once ``hurry`` is set."""

    hurry = False

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.01) if self.hurry else seconds)


class Rig:
    def __init__(self, api: FakeBotApi, **more: Any) -> None:
        self.api = api
        self.desk = Desk()
        self.memory = FakeMemory()
        self.clock = Hurry()
        given = {"token": api.token, "allowed_users": str(ANN), "api_base": api.base_url, **more}
        web = {"public_url": "https://wingman.example.org/"}
        settings = Settings(telegram=TelegramSettings(**given), web=web)  # type: ignore[arg-type]
        self.context = ChannelContext(
            settings, FakeChatLog(self.clock), self.clock, self.memory, HINTS
        )
        self.channel = Telegram(
            self.context, BotApi(api.token, api.base_url, self.clock, slack=1), wait=2
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(self.channel.run(self.desk.accept, self.desk.alarm))
            try:
                yield self
            finally:
                job.cancel()

    async def until(self, found: Any, within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not found():
                await self.clock.sleep(0.01)
