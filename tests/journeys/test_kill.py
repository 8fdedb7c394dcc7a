"""Decisions on real tmux while the gateway is killed again and again.

Proved by what the agents themselves wrote down: which keys came, on which dialog, and what
followed. WINGMAN_TEST_DECISIONS sets how many (300 were made for the figures in the docs)."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.demo.launcher import agent_argv
from tests.support.process import GatewayProcess
from tests.support.waiting import spend, until

PANES = 6
DECISIONS = int(os.environ.get("WINGMAN_TEST_DECISIONS", "36"))
SETTLED = {"allowed": "approve", "denied": "deny"}

pytestmark = [pytest.mark.tmux, pytest.mark.kill, pytest.mark.timeout(900)]


class Crew:
    """Scripted agents on a private tmux server, each with dialogs of its own to ask."""

    def __init__(self, directory: Path, panes: int, dialogs: int) -> None:
        self.socket = directory / "tmux.sock"
        self.logs = [directory / f"agent-{pane}.jsonl" for pane in range(panes)]
        for pane, log in enumerate(self.logs):
            steps: list[dict[str, Any]] = [
                {"bash": f"make target-{pane}-{n}", "id": f"make target-{pane}-{n}"}
                for n in range(dialogs)
            ]
            script = directory / f"agent-{pane}.json"
            script.write_text(json.dumps({"steps": [*steps, {"idle": True}]}))
            command = "exec " + shlex.join(agent_argv(script, directory, log))
            self._tmux("new-session", "-d", "-s", f"crew-{pane}", "-x", "100", "-y", "40", command)

    def _tmux(self, *arguments: str) -> None:
        argv = ["tmux", "-S", str(self.socket), "-f", "/dev/null", *arguments]
        subprocess.run(argv, check=False, capture_output=True, timeout=10)

    def end(self) -> None:
        self._tmux("kill-server")

    def events(self) -> list[dict[str, Any]]:
        lines = (line for log in self.logs if log.exists() for line in log.open())
        return [json.loads(line) for line in lines]

    def settled(self) -> Counter[tuple[str, str]]:
        """How often each dialog was settled, and how."""
        return Counter(
            (event["dialog"], SETTLED[event["event"]])
            for event in self.events()
            if event["event"] in SETTLED
        )


@dataclass
class Person:
    """Decides each prompt once, says so again until it is taken, and remembers."""

    gateway: GatewayProcess
    rng: random.Random
    decided: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Code to subject and verdict."""

    async def look_and_decide(self) -> None:
        for prompt in await self.gateway.get("/api/prompts") or []:
            code, subject = prompt["code"], prompt["subject"]
            if code in self.decided:
                continue
            verdict = "deny" if self.rng.random() < 0.3 else "approve"
            event = f"event-{code}-{verdict}"
            if await self.gateway.says(f"{verdict} {code}", event):
                self.decided[code] = (subject, verdict)
                if self.rng.random() < 0.2:
                    await self.gateway.says(f"approve {code}", f"again-{code}-0")


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    made = Crew(tmp_path, PANES, DECISIONS // PANES)
    yield made
    made.end()


async def test_no_kill_adds_loses_or_misplaces_a_key(crew: Crew, tmp_path: Path) -> None:
    rng = random.Random(20261121)
    gateway = GatewayProcess(tmp_path, crew.socket)
    person = Person(gateway, rng)
    kills = 0
    try:
        while sum(crew.settled().values()) < DECISIONS:
            await gateway.up()
            async with asyncio.TaskGroup() as group:
                deciding = group.create_task(_decide_for_ever(person))
                await spend(rng.uniform(0.1, 4))
                deciding.cancel()
            gateway.kill()
            kills += 1
        await gateway.up()
        states = await until(partial(_all_told, gateway, person), within=15)
    finally:
        await gateway.down()

    _check(crew, person, states)
    print(f"{DECISIONS} decisions, {kills} kills")  # noqa: T201 - the figure is the result


async def _decide_for_ever(person: Person) -> None:
    while True:
        await person.look_and_decide()
        await spend(0.05)


async def _all_told(gateway: GatewayProcess, person: Person) -> dict[str, str]:
    """The state of each decided prompt; empty while one of them is still on its way."""
    states: dict[str, str] = {}
    for code in person.decided:
        prompt = await gateway.get(f"/api/prompts/{code}")
        if prompt is None or prompt["state"] in ("open", "decided", "attempting"):
            return {}
        states[code] = prompt["state"]
    return states


def _check(crew: Crew, person: Person, states: dict[str, str]) -> None:
    wanted: dict[str, set[str]] = {}
    for subject, verdict in person.decided.values():
        wanted.setdefault(subject, set()).add(verdict)
    settled = crew.settled()
    for (dialog, how), times in settled.items():
        assert times == 1, f"{dialog} was settled {times} times"
        assert how in wanted.get(dialog, set()), f"{dialog}: {how}, which nobody decided"
    keys = Counter(e["dialog"] for e in crew.events() if e["event"] == "key")
    extra = {dialog: count for dialog, count in keys.items() if count > 1 or not dialog}
    assert not extra, f"keys too many, or outside a dialog: {extra}"
    for code, (subject, verdict) in person.decided.items():
        if states[code] in ("confirmed", "applied"):
            assert settled[(subject, verdict)] == 1, f"{code} is told as done, and was not"
