"""The real Claude Code goes on with, clears and forks a conversation: the session stays the one in
that pane, and what belongs to it follows. Its own account of itself is a third witness.

What is true is read from the agent's files, never from a screen."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.adapters.hook_command import hook_command
from bot.agents._claude.hooking import SETUP
from bot.core.accounts import account_path, read_account
from bot.core.hook_settings import settings_of
from tests.real_agents.conftest import Rigged
from tests.real_agents.rig import AT_COMPOSER, Pane, Rig
from tests.real_agents.test_hooks import HookedDesk, at_desk, hooked
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]


class Bound(NamedTuple):
    """A session as the gateway knows it."""

    name: str
    pane: str
    pane_pid: int
    conversation: str
    transcript: str
    agent_pid: int

    @property
    def account(self) -> Path:
        return Path(account_path(self.transcript, self.agent_pid))


def bound(desk: HookedDesk) -> Bound:
    with sqlite3.connect(desk.gateway.state / "wingman.db") as ledger:
        columns = ", ".join(Bound._fields)
        return Bound(*ledger.execute(f"SELECT {columns} FROM sessions").fetchone())


def shell(rig: Rig) -> Pane:
    """A pane that outlives its agents, as most people have them."""
    sides = ("-x", "120", "-y", "40", "-c", str(rig.project))
    target = rig.tmux("new-session", "-d", "-P", "-F", "#{pane_id}", *sides, "sh")
    return Pane(rig, target.strip())


async def launch(rig: Rig, pane: Pane, *arguments: str) -> None:
    line = shlex.join([str(rig.wrapper), "--permission-mode", "default", *arguments])
    pane.burst(line)
    pane.keys("Enter")
    await asyncio.to_thread(pane.sees, AT_COMPOSER)
    await spend(1.5)  # 2.1.197 loses an Enter while it draws what was said before


async def leave(pane: Pane) -> None:
    await asyncio.to_thread(pane.say, "/exit")
    await asyncio.to_thread(pane.sees, r"^[#$] *$")


async def rebound(desk: HookedDesk, before: Bound) -> Bound:
    """After something about the conversation has changed: as the agent's own file has it."""

    def follows() -> Bound | None:
        now = bound(desk)
        if (now.conversation, now.agent_pid) == (before.conversation, before.agent_pid):
            return None
        account = json.loads(now.account.read_text()) if now.account.exists() else {}
        same = (account.get("pid"), account.get("sessionId")) == (now.agent_pid, now.conversation)
        return now if same else None

    now = await until(follows, within=15)
    assert isinstance(now, Bound)
    assert (now.name, now.pane, now.pane_pid) == (before.name, before.pane, before.pane_pid)
    return now


async def decides(desk: HookedDesk, pane: Pane) -> None:
    """A call of it is seen, told by its hook, and denied by it: it is the right session's."""
    again = time.monotonic_ns()  # what was said before may still stand on the screen
    await asyncio.to_thread(pane.say, f"case:fifo go {again}")
    prompt = await desk.hooked_prompt("approval")
    await spend(0.6)  # its words for "always" come a moment later, and nobody reads faster
    now = bound(desk)
    assert Path(now.transcript).stem == now.conversation
    assert await asyncio.to_thread(Path(now.transcript).exists)
    await desk.says(f"deny {prompt['code']}")
    ended = await desk.settled(prompt["code"])
    assert ended["state"] == "confirmed", ended["reason"]
    assert desk.presses(prompt["code"]) == ["hook: deny"]
    await asyncio.to_thread(pane.sees, AT_COMPOSER)


async def test_clear_resume_and_fork_keep_the_session_bound(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = shell(rig)
        await until(lambda: desk.gateway.get("/api/sessions"), within=15)
        await launch(rig, pane)
        await until(lambda: bound(desk).conversation, within=15)
        await decides(desk, pane)
        first = bound(desk)

        await asyncio.to_thread(pane.say, "/clear")
        cleared = await rebound(desk, first)
        assert cleared.agent_pid == first.agent_pid
        await decides(desk, pane)

        await leave(pane)
        await launch(rig, pane, "--continue")
        continued = await rebound(desk, cleared)
        assert continued.conversation == cleared.conversation
        await decides(desk, pane)

        await leave(pane)
        await launch(rig, pane, "--resume", first.conversation)
        resumed = await rebound(desk, continued)
        assert (resumed.conversation, resumed.transcript) == (first.conversation, first.transcript)
        await decides(desk, pane)

        await leave(pane)
        await launch(rig, pane, "--resume", first.conversation, "--fork-session")
        await decides(desk, pane)  # 2.1.197 has a new conversation only once something is said
        forked = await rebound(desk, resumed)
        assert forked.conversation not in (first.conversation, cleared.conversation)


async def test_an_agent_that_is_killed_at_its_dialog_leaves_no_card_and_is_told_of(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    """Its dialog stays on the screen, with the shell's prompt drawn over it."""
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = shell(rig)
        await until(lambda: desk.gateway.get("/api/sessions"), within=15)
        await launch(rig, pane)
        await asyncio.to_thread(pane.say, "case:fifo go")
        prompt = await desk.hooked_prompt("approval")

        os.kill(bound(desk).agent_pid, signal.SIGKILL)

        ended = await desk.settled(prompt["code"])
        assert (ended["state"], ended["reason"]) == ("gone", "the agent left while it asked")
        await until(lambda: desk.heard("claude left session"), within=20)
        await desk.says(f"approve {prompt['code']}")
        await until(lambda: desk.heard("settled already"), within=15)
        assert desk.presses(prompt["code"]) == []
        assert not (rig.project / "ran_it").exists()


@pytest.mark.parametrize("case", ["fifo", "ask_single", "webfetch", "edit_small", "sub_bash"])
async def test_its_own_account_says_of_each_dialog_that_it_waits(
    claude_rig: Rigged, tmp_path: Path, case: str
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        await asyncio.to_thread(pane.say, f"case:{case} go")
        prompt = await desk.prompt()
        account = read_account(bound(desk).account.read_text())
        assert account.waits_for in ("permission prompt", "input needed")
        assert account.since is not None

        await desk.says(f"deny {prompt['code']}")

        ended = await desk.settled(prompt["code"])
        assert ended["state"] == "confirmed", ended["reason"]
        await until(lambda: read_account(bound(desk).account.read_text()).free, within=15)


async def test_where_account_and_screen_differ_somebody_is_told(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    """Its file, changed by us: the real one says of no dialog that it does not wait."""
    rig = claude_rig(settings=_only_starts(tmp_path))
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        await asyncio.to_thread(pane.say, "case:fifo go")
        await desk.prompt("approval")
        await spend(12)
        assert not await desk.heard("says itself that it is")

        path = bound(desk).account
        account = json.loads(path.read_text())
        path.write_text(json.dumps({**account, "status": "idle"}))

        await until(lambda: desk.heard("says itself that it is idle"), within=25)


def _only_starts(tmp_path: Path) -> dict[str, object]:
    """Hooks that tell whose it is, and none that tells of a dialog."""
    every = settings_of(SETUP, hook_command(tmp_path / "state"))
    return {"hooks": {"UserPromptSubmit": every["hooks"]["UserPromptSubmit"]}}
