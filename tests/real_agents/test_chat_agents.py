"""The gateway on the real Codex, OpenCode, aider and Qwen Code: what the phone decides happens.

Proved by the working directory and by what came back to the model, never by a screen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.adapters.hook_command import hook_command
from bot.agents._codex.hooking import DENIED, SETUP
from bot.core.hook_settings import settings_of
from tests.real_agents.shop import AIDER, CODEX, OPENCODE, QWEN, Agent, Shop, missing
from tests.support.desk import Desk
from tests.support.waiting import until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]

REASON = "use the other folder; not $(this) one"
HOOKED = "codex by hook"
AGENTS = {agent.name: agent for agent in (CODEX, OPENCODE, AIDER, QWEN)} | {HOOKED: CODEX}


@pytest.fixture(params=list(AGENTS))
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    agent: Agent = AGENTS[request.param]
    if reason := missing(agent):
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("a")
    files = {}
    if request.param == HOOKED:
        hooks = settings_of(SETUP, hook_command(folder / "state"))
        files[".codex/hooks.json"] = json.dumps(hooks)
    with ExitStack() as stack:
        opened = Shop(agent, folder, files)
        opened.open(stack)
        yield opened


by_pane = pytest.mark.parametrize("shop", ["codex", "opencode", "aider", "qwen"], indirect=True)
by_hook = pytest.mark.parametrize("shop", [HOOKED], indirect=True)
codex = pytest.mark.parametrize("shop", ["codex", HOOKED], indirect=True)


async def test_approve_then_deny(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    first = await desk.prompt("approval")
    assert (first["agent"], first["subject"]) == (shop.agent.name, "mkfifo one")
    assert first["complete"]
    assert not shop.ran("one")

    await desk.says(f"approve {first['code']}")

    assert await desk.ended(first["code"]) == "confirmed"
    await until(lambda: shop.ran("one"), within=15)
    await idle(desk)

    shop.say("run:two")
    second = await desk.prompt("approval", but=first["code"])
    assert second["subject"] == "mkfifo two"
    await desk.says(f"deny {second['code']}")

    assert await desk.ended(second["code"]) == "confirmed"
    await idle(desk)
    assert not shop.ran("two")


@pytest.mark.parametrize("shop", ["codex", HOOKED, "opencode", "qwen"], indirect=True)
async def test_deny_with_a_reason(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    prompt = await desk.prompt("approval")

    await desk.says(f"deny {prompt['code']} {REASON}")

    assert await desk.ended(prompt["code"]) == "confirmed"
    await until(lambda: REASON in shop.told(), within=20)
    assert not shop.ran("one")


@codex
async def test_a_patch_is_shown_whole_and_approved(shop: Shop, desk: Desk) -> None:
    shop.say("patch:new")
    prompt = await desk.prompt("approval")
    assert (prompt["tool"], prompt["complete"]) == ("apply_patch", True)
    assert "new.txt" in prompt["subject"]
    assert "and here" in "\n".join(prompt["body"])

    await desk.says(f"approve {prompt['code']}")

    assert await desk.ended(prompt["code"]) == "confirmed"
    made = shop.project / "new.txt"
    await until(lambda: made.exists() and made.read_text() == "made here\nand here\n", within=15)


@by_pane
async def test_always(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    first = await desk.prompt("approval")

    await desk.says(f"always {first['code']}")

    if shop.agent is AIDER:  # "(D)on't ask again" is a no, and "(A)ll" is not offered
        await until(lambda: desk.heard("offers no"), within=10)
        assert not shop.ran("one")
        return
    if shop.agent is OPENCODE:  # says what it would allow in a dialog of its own
        assert await desk.ended(first["code"]) == "confirmed"
        assert not shop.ran("one")
        first = await desk.prompt("approval", but=first["code"])
        assert first["subject"] == "mkfifo *"
        await desk.says(f"always {first['code']}")
    else:
        # the yes counts once that has been said: two messages at once come in either order
        await until(lambda: desk.heard("grants more"), within=10)
        await desk.says(f"always {first['code']} yes")
    assert await desk.ended(first["code"]) == "confirmed"
    await until(lambda: shop.ran("one"), within=15)
    await idle(desk)
    shop.say("run:two")
    await until(lambda: shop.ran("two"), within=15)


@codex
async def test_tell(shop: Shop, desk: Desk) -> None:
    name = await idle(desk)
    await desk.says(f"tell {name} please run:one now")
    prompt = await desk.prompt("approval")
    await desk.says(f"tell {name} and then stop here")
    assert "and then stop here" not in shop.told()
    await desk.says(f"approve {prompt['code']}")

    assert await desk.ended(prompt["code"]) == "confirmed"
    await until(lambda: shop.ran("one"), within=15)
    await until(lambda: "and then stop here" in shop.told(), within=20)


@pytest.mark.parametrize("shop", ["codex", "opencode", "qwen"], indirect=True)
async def test_interrupt(shop: Shop, desk: Desk) -> None:
    name = await idle(desk)
    shop.say("slow:made")
    await in_phase(desk, "working")

    await desk.says(f"interrupt {name}")

    assert await idle(desk, within=15) == name
    assert not (shop.project / "made").exists()


# By Codex's hook alone


@by_hook
async def test_no_key_is_pressed_and_no_dialog_comes(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    prompt = await desk.prompt("approval")
    assert "Would you like" not in shop.shown()
    assert "May I make a pipe?" in "\n".join(prompt["body"])
    await desk.says(f"deny {prompt['code']}")
    assert await desk.ended(prompt["code"]) == "confirmed"
    assert presses(desk, prompt["code"]) == ["hook: deny"]
    await until(lambda: DENIED in shop.told(), within=15)


@by_hook
async def test_always_is_not_offered(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    prompt = await desk.prompt("approval")
    assert [choice["role"] for choice in prompt["choices"]] == ["allow_once", "deny"]
    await desk.says(f"always {prompt['code']}")
    await until(lambda: desk.heard("offers no"), within=10)
    assert not shop.ran("one")


@by_hook
async def test_a_gateway_that_ends_leaves_the_dialog(shop: Shop, desk: Desk) -> None:
    shop.say("run:one")
    first = await desk.prompt("approval")
    desk.gateway.kill()
    await until(lambda: "Would you like to run" in shop.shown(), within=5)
    await desk.gateway.up()
    second = await desk.prompt("approval", but=first["code"])
    await desk.says(f"approve {second['code']}")
    assert await desk.ended(second["code"]) == "confirmed"
    assert "Enter" in presses(desk, second["code"])
    assert await desk.ended(first["code"]) == "gone"
    await until(lambda: shop.ran("one"), within=15)


@by_hook
async def test_without_a_gateway_the_dialog_is_there_at_once(shop: Shop) -> None:
    shop.say("run:one")
    await until(lambda: "Would you like to run" in shop.shown(), within=3)
    assert "Hook failed" not in shop.shown()


async def idle(desk: Desk, within: float = 40) -> str:
    """The name of the session, once it waits for words."""
    return await in_phase(desk, "idle", within)


async def in_phase(desk: Desk, phase: str, within: float = 40) -> str:
    async def found() -> str:
        sessions = await desk.gateway.get("/api/sessions") or []
        return next((str(one["name"]) for one in sessions if one["phase"] == phase), "")

    return str(await until(found, within=within))


def presses(desk: Desk, code: str) -> list[str]:
    """What was done to answer it: keys, or the hook."""
    with sqlite3.connect(desk.gateway.state / "wingman.db") as ledger:
        rows = ledger.execute(
            "SELECT presses.keys FROM presses JOIN prompts ON prompts.id = presses.owner "
            "WHERE prompts.code = ? ORDER BY step",
            (code,),
        )
        return [str(keys) for (keys,) in rows]
