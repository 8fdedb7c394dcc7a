"""Somebody types at a pane, on a real tmux: no phone rings for it until that is over."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.tmux import attached
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

LOOKS = 5.0
"""Seconds between two looks at who types where."""


async def types(keyboard: int) -> None:
    while True:
        os.write(keyboard, b"x")
        await spend(0.4)


def asks(home: Home, question: str) -> None:
    tty = home.crew.tmux("display-message", "-p", "-t", "shop", "#{pane_tty}").strip()
    Path(tty).write_text(f"\r\n{question} [y/n] ")


async def test_who_types_there_is_not_paged(tmp_path: Path, telegram: FakeBotApi) -> None:
    async with Home(tmp_path, telegram, ATTENTION__PRESENCE="4").open() as home:
        home.crew.tmux("new-session", "-d", "-s", "shop", "stty -echo; exec sleep 1000")

        async def prompts() -> list[dict[str, str]]:
            return await home.gateway.get("/api/prompts") or []

        async def known() -> bool:
            return await home.gateway.get("/api/sessions/shop") is not None

        await until(known, within=20)
        with attached(home.crew.socket, "shop") as keyboard:
            async with asyncio.TaskGroup() as group:
                typing = group.create_task(types(keyboard))
                await spend(LOOKS + 1)
                asks(home, "Overwrite the table?")
                [prompt] = await until(prompts, within=20)
                await spend(2)
                assert not [m for m in home.ann.chat.from_bot if "Overwrite" in m.text]
                await home.ann.says(f"why {prompt['code']}")
                why = await home.ann.chat.shows("card held: somebody is typing at that pane")
                assert "Now held for Telegram" in why.text
                typing.cancel()
            card = await home.ann.chat.shows("Overwrite the table?", within=20)
            assert card.text.startswith("🔒 Session 'shop' needs approval")
