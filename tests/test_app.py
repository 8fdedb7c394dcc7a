"""The composition root: what is found, what is said first, and what a bad start leaves behind."""

import asyncio
import re
import socket
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import app
from bot.adapters.clock import SystemClock
from bot.adapters.statedir import AlreadyRunning, StateDir
from bot.adapters.store.store import SqlStore
from bot.channels import CommandHint
from bot.core.errors import StoreUnusable, TerminalUnusable, WingmanError
from bot.core.records import PairingCode, Person
from bot.settings import Settings, TelegramSettings, TmuxSettings, WebSettings
from tests.support.botapi.server import FakeBotApi
from tests.support.chatlog import FakeChatLog
from tests.support.clock import FakeClock
from tests.support.stores import temporary_store
from tests.support.waiting import until

pytestmark = pytest.mark.tmux


def settings(folder: Path, port: int = 0) -> Settings:
    return Settings(
        state_dir=folder / "state",
        tmux=TmuxSettings(socket_path=folder / "tmux.sock"),
        web=WebSettings(port=port),
    )


async def start(given: Settings) -> list[str]:
    said: list[str] = []
    await app.run(given, said.append, seconds=0.2)
    return said


async def why_not(given: Settings) -> str:
    """The one line of a start that fails."""
    with pytest.raises((WingmanError, ExceptionGroup)) as caught:
        await start(given)
    error: BaseException = caught.value
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


def test_every_leaf_is_found() -> None:
    assert set(app.agents()) >= {"aider", "claude", "codex", "gemini", "generic", "opencode"}
    names = {command.name for command in app.plan(Settings(), app.agents()).commands}
    assert {"approve", "always", "deny", "choose", "answer", "sessions", "start"} <= names


async def test_each_channel_has_a_memory_of_its_own_and_knows_the_commands(tmp_path: Path) -> None:
    async with temporary_store(tmp_path) as store:
        clock, commands = FakeClock(), app.plan(Settings(), app.agents()).commands
        one, two = (
            app.context_for(name, Settings(), store, FakeChatLog(clock), clock, commands)
            for name in ("telegram", "whatsapp")
        )
        await one.memory.put("offset", "17")
        assert (await one.memory.get("offset"), await two.memory.get("offset")) == ("17", None)
        assert CommandHint("ping", "is anybody there?") in one.commands


IMPORTS = """
import sys
from bot import app, cli
from bot.settings import Settings
VENDORS = ("telegram", "twilio", "aiohttp")
found = app.channels(Settings({given}), None, None, None, ())
print([channel.id for channel in found], *(n for n in VENDORS if n in sys.modules))
"""
TELEGRAM = "telegram=dict(token='1:a')"
WHATSAPP = "whatsapp={'account_sid': 'AC' + 32 * '0', 'from': 'whatsapp:+14155550100'}"


@pytest.mark.parametrize(
    ("given", "loaded"),
    [
        ("", "['local']"),
        (TELEGRAM, "['local', 'telegram'] telegram"),
        (WHATSAPP, "['local', 'whatsapp'] twilio"),
    ],
)
def test_a_channel_nobody_asked_for_costs_nothing(given: str, loaded: str) -> None:
    code = IMPORTS.format(given=given)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == loaded


async def test_a_bot_that_would_obey_no_one(tmp_path: Path) -> None:
    telegram = TelegramSettings(token=SecretStr("1:token-of-a-bot"))
    given = settings(tmp_path).model_copy(update={"telegram": telegram})
    assert "WINGMAN_TELEGRAM__ALLOWED_USERS is empty" in await why_not(given)


async def test_a_bot_that_waits_for_its_first_person_starts(tmp_path: Path) -> None:
    async with FakeBotApi().running() as api:
        telegram = TelegramSettings(token=SecretStr(api.token), api_base=api.base_url)
        given = settings(tmp_path).model_copy(update={"telegram": telegram})
        assert "pair your phone with: wingman setup" in await why_not(given)
        clock = SystemClock()
        code = PairingCode("h", "telegram", clock.now(), clock.now() + timedelta(hours=1))
        async with await SqlStore.open(given.database) as store, store.transaction() as tx:
            await tx.pairing_codes.add(code)
        await start(given)
        async with await SqlStore.open(given.database) as store, store.transaction() as tx:
            await tx.pairing_codes.use("h", clock.now())
        await why_not(given)
        async with await SqlStore.open(given.database) as store, store.transaction() as tx:
            await tx.people.put(Person("telegram", "7001", "Ann", "7001", clock.now()))
        await start(given)


async def test_a_webhook_reaches_its_channel(tmp_path: Path) -> None:
    async with FakeBotApi().running() as api:
        ann = api.person(7001, "Ann")
        telegram = TelegramSettings(
            token=SecretStr(api.token),
            allowed_users=("7001",),
            api_base=api.base_url,
            mode="webhook",
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        public = WebSettings(port=port, public_url="https://wingman.example.org")
        changed = {"telegram": telegram, "web": public}
        given = settings(tmp_path).model_copy(update=changed)
        said: list[str] = []
        async with asyncio.TaskGroup() as group:
            job = group.create_task(app.run(given, said.append, seconds=30))
            await until(lambda: api.world.webhook.url)
            api.webhook_reachable_at.append(f"http://127.0.0.1:{port}")
            await ann.says("ping")
            await ann.chat.shows("pong")
            job.cancel()
        assert api.misuse == []


async def test_the_link_comes_first_and_then_how_to_go_on(tmp_path: Path) -> None:
    said = await start(settings(tmp_path))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?link=[\w-]{20,}", said[0])
    assert "wingman demo" in said[-1]


async def test_it_can_be_started_again_after_it_ended(tmp_path: Path) -> None:
    first, second = await start(settings(tmp_path)), await start(settings(tmp_path))
    assert first[0] != second[0]
    assert not (tmp_path / "state" / "wingman.sock").exists()


async def test_a_second_gateway_on_the_same_state_is_refused(tmp_path: Path) -> None:
    given = settings(tmp_path)

    def again(line: str) -> None:
        if line.startswith("http"):
            with pytest.raises(AlreadyRunning):
                StateDir.claim(given.state_dir)

    await app.run(given, again, seconds=0.1)


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in await why_not(settings(tmp_path, port))


async def test_a_database_that_is_none(tmp_path: Path) -> None:
    given = settings(tmp_path)
    await start(given)
    (given.state_dir / "wingman.db").write_bytes(b"this is no database at all" * 100)
    assert str(given.state_dir / "wingman.db") in await why_not(given)
    assert (given.state_dir / "wingman.db").read_bytes().startswith(b"this is no database")


async def test_a_database_of_a_newer_program(tmp_path: Path) -> None:
    given = settings(tmp_path)
    await start(given)
    with sqlite3.connect(given.state_dir / "wingman.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(StoreUnusable, match="newer"):
        await start(given)


async def test_no_tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TerminalUnusable, match="tmux is not installed"):
        await start(settings(tmp_path))


async def test_a_tmux_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "tmux"
    old.write_text("#!/bin/sh\necho tmux 3.1c\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TerminalUnusable, match=r"3\.1c.*3\.3a"):
        await start(settings(tmp_path))
