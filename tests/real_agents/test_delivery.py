"""`tell` to the real agents: the model gets what was written, once, and nothing else happens.

Proved by what the model was asked and by the working directory; what the phone is told is compared
with that."""

from __future__ import annotations

import asyncio
import base64
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from bot.core.text_cards import DRAFT_BACK
from tests.real_agents.conftest import Rigged
from tests.real_agents.rig import AT_COMPOSER
from tests.real_agents.shop import AIDER, CODEX, OPENCODE, Agent, Shop, missing
from tests.real_agents.test_chat_agents import idle
from tests.real_agents.test_gateway import at_desk
from tests.support.desk import Desk
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]

TEXTS = [
    "!touch ran_it",
    "what does /comp",
    "look at @REA",
    "ends with a backslash \\",
    "first\nsecond\n\n  fourth",
    "漢字 and עברית, e\u0301 and 👩‍👩‍👧",
    "up\x1b[201~\x1b[A and \x03 down\r",
    "# is no memory",
    "- is no option",
    "? is no help",
    "y",
    " ".join(f"word{number}" for number in range(1200)),
]


def squeezed(text: str) -> str:
    """As the agents may wrap or compose it anew; without what never arrives."""
    text = re.sub("\x1b\\[20[01]~|[\x00-\x1f\x7f]", "", text).replace("e\u0301", "é")
    return "".join(text.split())


AGENTS = {agent.name: agent for agent in (CODEX, OPENCODE, AIDER)}


@pytest.fixture(params=list(AGENTS))
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    agent: Agent = AGENTS[request.param]
    if reason := missing(agent):
        pytest.skip(reason)
    with ExitStack() as stack:
        opened = Shop(agent, tmp_path_factory.mktemp("a"))
        opened.open(stack)
        (opened.project / "README.md").write_text("hello")
        yield opened


async def tells(desk: Desk, name: str, text: str) -> str:
    """The title of the receipt."""
    answer = await desk.gateway.http.post(f"/api/sessions/{name}/input", json={"text": text})
    return str(answer.json()["notice"]["title"])


def ends(desk: Desk) -> list[tuple[str, str]]:
    """What the ledger says became of each text, and why."""
    with sqlite3.connect(desk.gateway.state / "wingman.db") as ledger:
        return list(ledger.execute("SELECT state, reason FROM texts ORDER BY seq"))


def asked(shop: Shop) -> str:
    """What the model was asked last."""
    requests = shop.requests()
    newest = requests[-1] if requests else {}
    return squeezed(_words(newest.get("input") or newest.get("messages")))


def _words(message: object) -> str:
    if isinstance(message, list):
        return " ".join(map(_words, message))
    if isinstance(message, dict):
        return _words(message.get("content") or message.get("text"))
    return message if isinstance(message, str) else ""


async def goes_in(desk: Desk, name: str, model: Callable[[], str]) -> None:
    for number, text in enumerate(TEXTS, 1):
        await tells(desk, name, text)  # an agent that has just begun to work gets it later
        ended = await until(partial(_ended, desk, number), within=30)
        assert ended == "delivered", (text, ends(desk))
        await until(partial(_has, model, squeezed(text)), within=20)
    assert model().count(squeezed("# is no memory")) == 1


def _has(model: Callable[[], str], words: str) -> bool:
    return words in model()


def _ended(desk: Desk, count: int) -> str:
    """How the newest came out, once it did and all are there."""
    states = [state for state, _ in ends(desk)]
    return "" if len(states) < count or states[-1] in ("queued", "attempting") else states[-1]


async def test_each_text_reaches_the_model_as_it_is(shop: Shop, desk: Desk) -> None:
    shop.is_ready()
    name = await idle(desk)
    await goes_in(desk, name, lambda: asked(shop))
    assert not (shop.project / "ran_it").exists()


async def test_each_text_reaches_claude_as_it_is(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        await asyncio.to_thread(rig.start().sees, AT_COMPOSER)
        name = await idle(desk)
        await goes_in(desk, name, lambda: squeezed(" ".join(rig.log.said())))
        assert not (rig.project / "ran_it").exists()


DRAFTS = ["half typed", "two lines\nof them", "@README.md and /comp"]


@pytest.mark.parametrize("draft", DRAFTS)
async def test_what_stands_in_claudes_box_is_back_afterwards(
    claude_rig: Rigged, tmp_path: Path, draft: str
) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        await asyncio.to_thread(pane.sees, AT_COMPOSER)
        name = await idle(desk)
        pane.paste(draft)
        last = draft.splitlines()[-1]
        await asyncio.to_thread(pane.sees, re.escape(last))
        column = pane.fact("cursor_x")

        title = await tells(desk, name, "run the tests")

        assert title.startswith(f"⏳ Queued for '{name}' (position 1): somebody's draft")
        await until(partial(_ended, desk, 1), within=30)
        state, why = ends(desk)[0]
        assert (state, why.partition("; ")[2]) == ("delivered", DRAFT_BACK)
        await until(lambda: "run the tests" in rig.log.said(), within=10)
        assert squeezed(draft) not in squeezed(" ".join(rig.log.said()))
        await asyncio.to_thread(pane.sees, re.escape(last))
        assert pane.fact("cursor_x") == column


@pytest.mark.parametrize("shop", ["codex", "opencode", "aider"], indirect=True)
async def test_where_nobody_can_put_a_draft_by_it_is_left_alone(shop: Shop, desk: Desk) -> None:
    shop.is_ready()
    name = await idle(desk)
    shop.tmux.do("send-keys", "-t", shop.pane.pane, "-l", "half typed")
    await until(lambda: "half typed" in shop.shown(), within=10)
    before = shop.shown()
    title = await tells(desk, name, "run the tests")
    assert title.startswith(f"⏳ Queued for '{name}' (position 1): somebody's draft")
    await spend(8)
    assert shop.shown().count("half typed") == before.count("half typed") == 1
    assert shop.requests() == []


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize("caption", ["look at this\n\n", ""])
async def test_a_photo_reaches_claude_as_its_path(
    claude_rig: Rigged, tmp_path: Path, caption: str
) -> None:
    rig = claude_rig()
    photo = tmp_path / "files" / "photo-1a2b3c4d.png"
    photo.parent.mkdir()
    photo.write_bytes(PIXEL)
    async with at_desk(rig, tmp_path) as desk:
        await asyncio.to_thread(rig.start().sees, AT_COMPOSER)
        name = await idle(desk)
        await tells(desk, name, f"{caption}File: {photo}")
        ended = await until(partial(_ended, desk, 1), within=30)
        assert ended == "delivered", ends(desk)
        await until(lambda: str(photo) in " ".join(rig.log.said()), within=10)


async def test_claude_runs_the_command_that_was_written_and_no_other(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        await asyncio.to_thread(pane.sees, AT_COMPOSER)
        name = await idle(desk)
        await tells(desk, name, "/clear")
        ended = await until(partial(_ended, desk, 1), within=30)
        assert ended == "delivered", ends(desk)
        await idle(desk)
        await tells(desk, name, "/comp")
        ended = await until(partial(_ended, desk, 2), within=30)
        assert ended == "refused"
        assert "Enter was not pressed" in ends(desk)[1][1]
        assert "messages to compact" not in pane.text()
        assert rig.log.requests() == []
