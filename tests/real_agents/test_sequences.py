"""Random sequences on the real agents: whatever is tapped, typed, sent late or answered at the
terminal, nothing runs that nobody approved. ``WINGMAN_TEST_SEQUENCES=200`` for the long run."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from bot.adapters.hook_command import hook_command
from bot.agents._codex.hooking import SETUP
from bot.core.hook_settings import settings_of
from bot.core.records import ON_ITS_WAY
from tests.real_agents.conftest import Rigged
from tests.real_agents.rig import AT_COMPOSER, DIALOG, Pane, Rig
from tests.real_agents.shop import CODEX, Shop, missing
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.waiting import spend, until

SEQUENCES = int(os.environ.get("WINGMAN_TEST_SEQUENCES", "8"))

pytestmark = [
    pytest.mark.real_agents,
    pytest.mark.tmux,
    pytest.mark.timeout(120 + 20 * SEQUENCES),
]

ACTIONS = ("approve", "twice", "deny", "enter", "escape", "tell", "stale")
ALLOWING = frozenset({"approve", "twice", "enter"})
SURELY = frozenset({"approve", "twice", "tell"})
"""With nothing else done beside them, what was approved has to run."""
PAUSES = (0.0, 0.05, 0.3, 0.6)
LEFT_ALONE = 20
"""Looks, 0.3 s apart: longer than a decision takes on a busy machine."""


class Seat(Protocol):
    """The terminal of one agent, which wants to run ``mkfifo ran_N`` once it is asked to."""

    def ask(self, number: int) -> None: ...
    def press(self, key: str) -> None: ...
    def asks(self) -> bool: ...
    def rests(self) -> bool:
        """It waits for words, and nothing is on its way."""
        ...

    def ran(self, number: int) -> bool: ...
    def shown(self) -> str: ...


class ClaudeSeat:
    def __init__(self, rig: Rig, pane: Pane) -> None:
        self._rig, self._pane = rig, pane

    def ask(self, number: int) -> None:
        self._pane.say(f"case:seq_{number} go")

    def press(self, key: str) -> None:
        self._pane.keys(key)

    def asks(self) -> bool:
        return re.search(DIALOG, self.shown(), re.MULTILINE) is not None

    def rests(self) -> bool:
        shown = self.shown()
        at_composer = re.search(AT_COMPOSER, shown, re.MULTILINE) is not None
        return at_composer and "esc to interrupt" not in shown

    def ran(self, number: int) -> bool:
        return (self._rig.project / f"ran_{number}").exists()

    def shown(self) -> str:
        return self._pane.text()


class CodexSeat:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def ask(self, number: int) -> None:
        self._shop.say(f"run:ran_{number}")

    def press(self, key: str) -> None:
        """Escape at its input box, twice, goes back to what was said before: only at a dialog."""
        if key != "Escape" or self.asks():
            self._shop.tmux.do("send-keys", "-t", self._shop.pane.pane, key)

    def asks(self) -> bool:
        """Its dialog comes only after its hook, which waits as long as nobody decides."""
        shown = self.shown()
        return "Would you like to run the following command?" in shown or "Running hook" in shown

    def rests(self) -> bool:
        shown = self.shown()
        if (
            "esc again to edit" in shown
        ):  # an Escape came as its dialog went: any key takes it back
            self._shop.tmux.do("send-keys", "-t", self._shop.pane.pane, "Space", "BSpace")
            return False
        return self._shop.agent.ready in shown and "esc to interrupt" not in shown

    def ran(self, number: int) -> bool:
        return self._shop.ran(f"ran_{number}")

    def shown(self) -> str:
        return self._shop.shown()


@dataclass
class Play:
    """One agent, and what was done about each of the commands it wanted to run."""

    seat: Seat
    desk: Desk
    session: str
    rng: random.Random
    done: dict[int, list[str]] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    """How the prompt of each ended, in the gateway's words."""
    codes: list[str] = field(default_factory=list)

    async def sequence(self, number: int) -> None:
        await asyncio.to_thread(self.seat.ask, number)
        prompt = await self.desk.prompt("approval")
        assert prompt["subject"] == f"mkfifo ran_{number}"
        actions = self.rng.choices(ACTIONS, k=self.rng.randint(1, 3))
        self.done[number] = actions
        for action in actions:
            await spend(self.rng.choice(PAUSES))
            await self._act(action, prompt["code"], number)
        await self._comes_to_rest()
        self.codes.append(prompt["code"])
        after = await self.desk.gateway.get(f"/api/prompts/{prompt['code']}")
        self.ended[number] = f"{after['state']} {after['reason']}"

    async def _act(self, action: str, code: str, number: int) -> None:
        match action:
            case "approve" | "deny":
                await self.desk.says(f"{action} {code}")
            case "twice":
                await asyncio.gather(*(self.desk.says(f"approve {code}") for _ in range(2)))
            case "enter":
                await asyncio.to_thread(self.seat.press, "Enter")
            case "escape":
                await asyncio.to_thread(self.seat.press, "Escape")
            case "tell":
                await self.desk.says(f"tell {self.session} remember {number}")
            case "stale" if self.codes:
                await self.desk.says(f"approve {self.rng.choice(self.codes)}")

    async def _comes_to_rest(self) -> None:
        """Nothing is left to decide, nothing on its way, and the agent waits for words. A dialog
        that stands for some seconds was left to whoever sits there: Escape. Nobody sits down to
        type before the last text went in: what both write is one line in the input box."""
        stood = 0
        for _ in range(120):
            await spend(0.3)
            stood = stood + 1 if self.seat.asks() else 0
            if stood == LEFT_ALONE:
                self.seat.press("Escape")
            if not stood and self.seat.rests() and not self._texts_wait():
                session = await self.desk.gateway.get(f"/api/sessions/{self.session}")
                if session["state"] == "idle" and not session["prompt"]:
                    return
        raise AssertionError(f"it does not rest:\n{self.seat.shown()}")

    def _texts_wait(self) -> bool:
        with sqlite3.connect(self.desk.gateway.state / "wingman.db") as ledger:
            states = {str(state) for (state,) in ledger.execute("SELECT state FROM texts")}
        return not states.isdisjoint(ON_ITS_WAY)

    def judge(self) -> None:
        ran = {number for number in range(SEQUENCES) if self.seat.ran(number)}
        approved = {n for n, actions in self.done.items() if ALLOWING & set(actions)}
        unasked = [(n, self.done[n]) for n in ran - approved]
        assert not unasked, f"ran without leave: {unasked}"
        only = {n for n, actions in self.done.items() if set(actions) <= SURELY}
        missed = [(n, self.done[n], self.ended[n]) for n in only & approved - ran]
        assert not missed, f"approved, and not run: {missed}"


def scenario(folder: Path) -> Path:
    cases = {
        f"seq_{number}": [
            {
                "blocks": [
                    {
                        "tool": "Bash",
                        "input": {"command": f"mkfifo ran_{number}", "description": "A marker"},
                    }
                ]
            }
        ]
        for number in range(SEQUENCES)
    }
    path = folder / "sequences.json"
    path.write_text(json.dumps({"cases": cases}), encoding="utf-8")
    return path


async def played(gateway: GatewayProcess, seat: Seat) -> Play:
    seed = int(os.environ.get("WINGMAN_TEST_SEED", "1121"))
    desk = Desk(gateway)
    name = await until(lambda: _name(gateway), within=40)
    play = Play(seat, desk, name, random.Random(seed))
    for number in range(SEQUENCES):
        await play.sequence(number)
    return play


async def test_nothing_runs_that_nobody_approved(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = claude_rig(scenarios=(scenario(tmp_path),))
    gateway = GatewayProcess(tmp_path, rig.socket_path)
    await gateway.up()
    try:
        pane = rig.start()
        await asyncio.to_thread(pane.sees, AT_COMPOSER)
        play = await played(gateway, ClaudeSeat(rig, pane))
    finally:
        await gateway.down()
    play.judge()


@pytest.mark.parametrize("hooked", [False, True], ids=["by keys", "by hook"])
async def test_codex_runs_nothing_either(
    tmp_path_factory: pytest.TempPathFactory, *, hooked: bool
) -> None:
    if reason := missing(CODEX):
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("c")
    hooks = json.dumps(settings_of(SETUP, hook_command(folder / "state")))
    files = {".codex/hooks.json": hooks} if hooked else {}
    with ExitStack() as stack:
        shop = Shop(CODEX, folder, files)
        shop.open(stack)
        gateway = GatewayProcess(folder, shop.tmux.server.address)
        await gateway.up()
        try:
            play = await played(gateway, CodexSeat(shop))
        finally:
            await gateway.down()
        play.judge()


async def _name(gateway: GatewayProcess) -> str:
    sessions = await gateway.get("/api/sessions") or []
    return next((str(s["name"]) for s in sessions if s["state"] == "idle"), "")
