"""An agent that nobody has signed in to: it is told of, and there is nothing to tap on."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.real_agents.shop import CODEX, OPENCODE, QWEN, Agent, Shop, missing
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


NO_PROVIDER = replace(
    OPENCODE,
    ready="Connect a provider",
    environment={**OPENCODE.environment, "OPENAI_API_KEY": ""},
    files=lambda project: {
        ".config/opencode/opencode.json": json.dumps(
            {"autoupdate": False, "share": "disabled", "disabled_providers": ["opencode"]}
        )
    },
)
"""It has a provider of its own, which wants no key."""


NO_KEY = replace(
    QWEN,
    ready="Connect a Provider",
    environment={"OPENAI_API_KEY": ""},
    files=lambda project: {},
)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (NOBODYS, "not signed in: sign in at its terminal"),
        (NO_PROVIDER, "no provider: connect one at its terminal"),
        (NO_KEY, "not signed in: connect a provider at its terminal"),
    ],
    ids=lambda given: given.name if isinstance(given, Agent) else "",
)
async def test_a_login_is_told_and_is_no_prompt(
    agent: Agent, told: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if reason := missing(agent):
        pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp("l")
    with ExitStack() as stack:
        shop = Shop(agent, folder)
        shop.open(stack)
        gateway = GatewayProcess(folder, shop.tmux.server.address)
        await gateway.up()
        try:
            desk = Desk(gateway)
            await until(lambda: desk.heard(told), within=60)
            (session,) = await gateway.get("/api/sessions")
            prompts = await gateway.get("/api/prompts")
            await desk.says(f"tell {session['name']} begin")
            assert await until(lambda: desk.heard("not at its input box yet"), within=20)
        finally:
            await gateway.down()

        assert (session["agent"], session["state"], prompts) == (agent.name, "login", [])
        assert "begin" not in shop.shown()
