"""An agent that nobody has signed in to: it is told of, and there is nothing to tap on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.real_agents.shop import CODEX, Shop, missing
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.waiting import until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]

NOBODYS = replace(
    CODEX,
    ready="Sign in with ChatGPT",
    environment={**CODEX.environment, "OPENAI_API_KEY": ""},
    files=lambda project: {},
)


async def test_a_login_is_told_and_is_no_prompt(tmp_path_factory: pytest.TempPathFactory) -> None:
    if reason := missing(CODEX):
        pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp("l")
    with ExitStack() as stack:
        shop = Shop(NOBODYS, folder)
        shop.open(stack)
        gateway = GatewayProcess(folder, shop.tmux.server.address)
        await gateway.up()
        try:
            desk = Desk(gateway)
            await until(lambda: desk.heard("not signed in: sign in at its terminal"), within=60)
            (session,) = await gateway.get("/api/sessions")
            prompts = await gateway.get("/api/prompts")
            await desk.says(f"tell {session['name']} begin")
            assert await until(lambda: desk.heard("not at its input box yet"), within=20)
        finally:
            await gateway.down()

        assert (session["agent"], session["state"], prompts) == ("codex", "login", [])
        assert "begin" not in shop.shown()
