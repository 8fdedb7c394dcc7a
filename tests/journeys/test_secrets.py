"""A gateway with every secret that it can have, at its most talkative: none of them gets out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.net import leaks
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

WEB = "t0ken-of-the-web-layer-that-nobody-may-see"
BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}

LOUD = """
import logging
logging.Logger.setLevel = lambda self, level: None
logging.root.level = logging.DEBUG
from bot.cli import main
main()
"""
"""Whatever a library would say at DEBUG is said."""

AGENT = """
env > "$1"
tr '\\0' '\\n' < /proc/$PPID/environ >> "$1" 2>/dev/null
exec cat
"""


async def test_no_secret_leaves_the_gateway(
    tmp_path: Path, telegram: FakeBotApi, twilio: FakeTwilio
) -> None:
    seen, agent = tmp_path / "environment", tmp_path / "agent.sh"
    agent.write_text(AGENT)
    person = twilio.person("+491701234567", "Ann")
    home = Home(
        tmp_path,
        telegram,
        WEB__TOKEN=WEB,
        WHATSAPP__ACCOUNT_SID=twilio.account,
        WHATSAPP__AUTH_TOKEN=twilio.token,
        WHATSAPP__FROM=twilio.sender,
        WHATSAPP__ALLOWED_NUMBERS=person.number,
        WHATSAPP__API_BASE=twilio.base_url,
        WHATSAPP__CONTENT_API_BASE=twilio.base_url,
        WHATSAPP__POLL_INTERVAL="0.2",
        AGENT__COMMAND=f"sh {agent} {seen}",
    )
    home.gateway.program = LOUD
    async with home.open():
        # The first session: the gateway itself starts the tmux server, which hands on what it got.
        await home.ann.says(f"start fresh in {tmp_path}: look around")
        await until(lambda: seen.exists() and "PATH=" in seen.read_text(), within=20)
        await decides(home)
        await person.says("ping")
        await until(lambda: any("pong" in text for text in person.texts), within=20)
        answers = await asks(home)
        children = {f"/proc/{pid}": text for pid, text in processes(home.gateway.pid)}
        assert any("tmux" in text for text in children.values())
        await fails(home, twilio)
        chats = [message.text for message in home.ann.chat.from_bot] + person.texts
    found = {
        "what was said on the way": home.gateway.log.read_text(),
        "what an agent gets": seen.read_text(),
        "an answer over HTTP": "\n".join(answers),
        "a chat": "\n".join(chats),
        **children,
        **{str(path): text for path, text in files(home.gateway.state)},
    }
    assert "DEBUG" in LOUD
    assert (
        "telegram.ext" in found["what was said on the way"]
        or "httpcore" in found["what was said on the way"]
    )
    out = {where: leaks(text, WEB) for where, text in found.items()}
    assert {where: what for where, what in out.items() if what} == {}


async def decides(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.ann.chat.shows("npm run build", within=20)
    await home.ann.taps(card, "Approve")
    await until(lambda: home.did() == [("allowed", "build")])
    for words in ("sessions", "status shop", "peek shop", "screen shop", "whoami", "diff fresh"):
        await home.ann.says(words)
    await home.ann.chat.shows("7001", within=20)


async def asks(home: Home) -> list[str]:
    """Everything that the API tells whoever may ask, and whoever may not."""
    paths = ("/api/sessions", "/api/prompts", "/api/openapi.json", "/metrics", "/readyz")
    answers = [(await home.gateway.http.get(path)).text for path in paths]
    link = next(w for w in home.gateway.log.read_text().split() if "/?link=" in w)
    async with httpx.AsyncClient(base_url=link.partition("/?")[0], trust_env=False) as web:
        for token in (WEB, "wrong"):
            bearer = {"Authorization": f"Bearer {token}"}
            wrong = ("/api/sessions", "/api/nothing")
            answers += [(await web.get(path, headers=bearer)).text for path in wrong]
    return answers


async def fails(home: Home, twilio: FakeTwilio) -> None:
    """Every kind of trouble in which a library would like to name the address that it called."""
    home.telegram.faults.html_5xx("sendMessage")
    home.telegram.faults.hang_up_before("sendMessage")
    home.telegram.fail("sendMessage", 400, "Bad Request: something new")
    twilio.faults.fail("create", 500, times=1)
    await home.ann.says("ping")
    await home.ann.chat.shows("pong", within=30)
    home.telegram.conflict()
    await until(lambda: home.desk.heard("Another program receives"), within=20, every=0.2)
    home.telegram.revoke_token()
    await until(lambda: home.desk.heard("does not take the bot"), within=20, every=0.2)


def processes(parent: int) -> Iterator[tuple[int, str]]:
    """The command line of the gateway, and for all that it has started the environment too."""
    yield parent, read(f"/proc/{parent}/cmdline")
    known = {parent}
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdecimal()):
        stat = read(f"/proc/{pid}/stat").rpartition(") ")[2].split()
        command = read(f"/proc/{pid}/cmdline")
        if stat and (int(stat[1]) in known or "tmux.sock" in command):
            known.add(pid)
            yield pid, command + read(f"/proc/{pid}/environ")


def files(folder: Path) -> Iterator[tuple[Path, str]]:
    """All of the ledger as it lies on the disk, its journal too."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes().decode("latin-1")


def read(path: str) -> str:
    try:
        return Path(path).read_bytes().decode("latin-1")
    except OSError:
        return ""
