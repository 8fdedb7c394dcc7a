"""Random sequences on the real agent: whatever is tapped, typed, sent late or answered at the
terminal, nothing runs that nobody approved. ``WINGMAN_TEST_SEQUENCES=200`` for the long run."""

from __future__ import annotations

import asyncio
import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.real_agents.conftest import Rigged
from tests.real_agents.rig import AT_COMPOSER, DIALOG, Pane, Rig
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
PAUSES = (0.0, 0.05, 0.3, 0.6)
LEFT_ALONE = 20
"""Looks, 0.3 s apart: longer than a decision takes on a busy machine."""


@dataclass
class Play:
    """One agent, and what was done about each of the commands it wanted to run."""

    rig: Rig
    pane: Pane
    desk: Desk
    session: str
    rng: random.Random
    done: dict[int, list[str]] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    """How the prompt of each ended, in the gateway's words."""
    codes: list[str] = field(default_factory=list)

    async def sequence(self, number: int) -> None:
        await asyncio.to_thread(self.pane.say, f"case:seq_{number} go")
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
                await asyncio.to_thread(self.pane.keys, "Enter")
            case "escape":
                await asyncio.to_thread(self.pane.keys, "Escape")
            case "tell":
                await self.desk.says(f"tell {self.session} remember {number}")
            case "stale" if self.codes:
                await self.desk.says(f"approve {self.rng.choice(self.codes)}")

    async def _comes_to_rest(self) -> None:
        """Nothing is left to decide, nothing on its way, and the agent waits for words. A dialog
        that stands for some seconds was left to whoever sits there: Escape."""
        stood = 0
        for _ in range(120):
            await spend(0.3)
            stood = stood + 1 if self._matches(DIALOG) else 0
            if stood == LEFT_ALONE:
                self.pane.keys("Escape")
            if not stood and self._matches(AT_COMPOSER) and not self._is_moving():
                session = await self.desk.gateway.get(f"/api/sessions/{self.session}")
                if session["state"] == "idle":
                    return
        raise AssertionError(f"it does not rest:\n{self.pane.text()}")

    def _matches(self, pattern: str) -> bool:
        try:
            self.pane.sees(pattern, patience=0)
        except TimeoutError:
            return False
        return True

    def _is_moving(self) -> bool:
        return "esc to interrupt" in self.pane.text()


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


async def test_nothing_runs_that_nobody_approved(claude_rig: Rigged, tmp_path: Path) -> None:
    seed = int(os.environ.get("WINGMAN_TEST_SEED", "1121"))
    rig = claude_rig(scenarios=(scenario(tmp_path),))
    gateway = GatewayProcess(tmp_path, rig.socket_path)
    await gateway.up()
    try:
        pane, desk = rig.start(), Desk(gateway)
        await asyncio.to_thread(pane.sees, AT_COMPOSER)
        name = await until(lambda: _name(gateway), within=40)
        play = Play(rig, pane, desk, name, random.Random(seed))
        for number in range(SEQUENCES):
            await play.sequence(number)
    finally:
        await gateway.down()

    ran = {n for n in range(SEQUENCES) if (rig.project / f"ran_{n}").exists()}
    approved = {n for n, actions in play.done.items() if ALLOWING & set(actions)}
    assert ran <= approved, f"ran without leave: {[(n, play.done[n]) for n in ran - approved]}"
    only = {n for n, actions in play.done.items() if set(actions) <= {"approve", "twice", "tell"}}
    missed = [(n, play.done[n], play.ended[n]) for n in only & approved - ran]
    assert not missed, f"approved, and not run: {missed}"


async def _name(gateway: GatewayProcess) -> str:
    sessions = await gateway.get("/api/sessions") or []
    return next((str(s["name"]) for s in sessions if s["state"] == "idle"), "")
