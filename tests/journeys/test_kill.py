"""Decisions on real tmux while the gateway is killed again and again.

Proved by what the agents themselves wrote down: which keys came, on which dialog, and what
followed. WINGMAN_TEST_DECISIONS sets how many (300 were made for the figures in the docs)."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.support.crew import Crew
from tests.support.process import GatewayProcess
from tests.support.waiting import spend, until

PANES = 6
DECISIONS = int(os.environ.get("WINGMAN_TEST_DECISIONS", "24"))

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.kill,
    pytest.mark.timeout(900),
]


@dataclass
class Person:
    """Decides each prompt once, says so again until it is taken, and remembers."""

    gateway: GatewayProcess
    rng: random.Random
    minds: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Code to subject and verdict: what got no answer may have been heard, and is said again."""
    decided: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The same, once the gateway has taken it."""

    async def look_and_decide(self) -> None:
        for prompt in await self.gateway.get("/api/prompts") or []:
            code, subject = prompt["code"], prompt["subject"]
            if code in self.decided:
                continue
            # Escape alone would end the turn, and with it the agent's questions.
            new = self.rng.choice(("approve", "approve", "deny because of it"))
            _, verdict = self.minds.setdefault(code, (subject, new))
            event = f"event-{code}-{verdict[:4]}"
            name, _, reason = verdict.partition(" ")
            if await self.gateway.says(f"{name} {code} {reason}", event):
                self.decided[code] = (subject, verdict)
                if self.rng.random() < 0.2:
                    await self.gateway.says(f"approve {code}", f"again-{code}-0")


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    asks = [
        [
            {"bash": f"make target-{pane}-{n}", "id": f"make target-{pane}-{n}"}
            for n in range(DECISIONS // PANES)
        ]
        for pane in range(PANES)
    ]
    made = Crew(tmp_path, {f"crew-{pane}": steps for pane, steps in enumerate(asks)})
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
                await spend(rng.uniform(0.05, 1.2))
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
    for subject, verdict in person.minds.values():
        wanted.setdefault(subject, set()).add(verdict.split()[0])
    settled = crew.settled()
    for (dialog, how), times in settled.items():
        assert times == 1, f"{dialog} was settled {times} times"
        assert how in wanted.get(dialog, set()), f"{dialog}: {how}, which nobody decided"
    deciding = [e for e in crew.events() if e["event"] == "key" and e["keys"] in ("0d", "1b")]
    keys = Counter(event["dialog"] for event in deciding)
    extra = {dialog: count for dialog, count in keys.items() if count > 1 or not dialog}
    assert not extra, f"keys too many, or outside a dialog: {extra}"
    outside = [e for e in crew.events() if e["event"] in ("key", "text") and not e["dialog"]]
    assert not outside, f"typed where no dialog was: {outside}"
    for code, (subject, verdict) in person.decided.items():
        if states[code] in ("confirmed", "applied"):
            assert settled[(subject, verdict.split()[0])] == 1, (
                f"{code} is told as done, and was not"
            )
