"""The whole gateway on the real Claude Code: what the phone decides is what happens.

Proved by the model's log and the working directory, never by a screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real_agents.conftest import Rigged
from tests.real_agents.modellog import Verdict
from tests.real_agents.rig import AT_COMPOSER, Pane, Rig
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.waiting import until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]

REASON = "use the other folder, 2 times; not $(this) one"


@dataclass(frozen=True)
class Case:
    """``done`` sees in the rig that it ran; ``shows`` must be on the card."""

    name: str
    shows: str
    done: Callable[[Rig], bool]
    mode: str = "default"
    takes_reason: bool = True


CASES = [
    Case("fifo", "mkfifo ran_it", lambda rig: (rig.project / "ran_it").exists()),
    Case(
        "edit_small",
        'return "hello, " + name.strip()',
        lambda rig: "hello" in (rig.project / "src/app.py").read_text(),
    ),
    Case(
        "write_new",
        "def add(a, b):",
        lambda rig: (rig.project / "src/new_module.py").exists(),
    ),
    Case(
        "webfetch",
        "http://127.0.0.1:8199/docs/page",
        lambda rig: rig.log.results()[-1].verdict is Verdict.RAN,
        takes_reason=False,
    ),
    Case(
        "plan",
        "src/cache.py with an LRU cache",
        lambda rig: rig.log.results()[-1].verdict is Verdict.RAN,
        mode="plan",
    ),
]


class RiggedDesk(Desk):
    """Before the real agent, with a model by script."""

    def __init__(self, gateway: GatewayProcess, rig: Rig) -> None:
        super().__init__(gateway)
        self.rig = rig


@asynccontextmanager
async def at_desk(rig: Rig, directory: Path) -> AsyncIterator[RiggedDesk]:
    gateway = GatewayProcess(directory, rig.socket_path)
    await gateway.up()
    try:
        yield RiggedDesk(gateway, rig)
    finally:
        await gateway.down()


async def _ask(desk: RiggedDesk, case: Case) -> tuple[Pane, str]:
    """The case played up to its card; the pane and the prompt's code."""
    pane = desk.rig.start(mode=case.mode)
    pane.say(f"case:{case.name} go")
    prompt = await desk.prompt("plan" if case.name == "plan" else "approval")
    assert prompt["complete"]
    shown = "\n".join([prompt["subject"], *prompt["body"]])
    assert case.shows in shown
    return pane, prompt["code"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_approve(claude_rig: Rigged, tmp_path: Path, case: Case) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane, code = await _ask(desk, case)
        assert not [r for r in rig.log.results() if r.tool in ("Bash", "Edit", "WebFetch")]

        await desk.says(f"approve {code}")

        assert await desk.ended(code) == "confirmed"
        rig.result(pane)
        await until(lambda: case.done(rig), within=15)
        assert (await desk.gateway.get("/api/prompts")) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_deny(claude_rig: Rigged, tmp_path: Path, case: Case) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane, code = await _ask(desk, case)
        before = len(rig.log.results())

        await desk.says(f"deny {code}")

        assert await desk.ended(code) == "confirmed"
        result = rig.result(pane, number=before)
        assert result.verdict in (Verdict.DENIED, Verdict.TOLD)
        assert not case.done(rig)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_deny_with_a_reason(claude_rig: Rigged, tmp_path: Path, case: Case) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane, code = await _ask(desk, case)
        before = len(rig.log.results())

        await desk.says(f"deny {code} {REASON}")

        ended = await desk.settled(code)
        assert ended["state"] == "confirmed", ended["reason"]
        if case.takes_reason:
            result = rig.result(pane, number=before)
            assert (result.verdict, result.reason) == (Verdict.TOLD, REASON)
        else:
            await until(lambda: any(REASON in said for said in rig.log.said()), within=15)
        assert not case.done(rig)


async def test_a_question_is_answered_by_number(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.say("case:ask_single go")
        prompt = await desk.prompt("question")
        assert prompt["subject"] == "Which database should the service use?"

        await desk.says(f"choose {prompt['code']} 2")

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert '"SQLite"' in rig.result(pane).text


async def test_a_question_is_answered_in_own_words(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.say("case:ask_single go")
        prompt = await desk.prompt("question")

        await desk.says(f"answer {prompt['code']} MariaDB 11; with 2 replicas")

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert '"MariaDB 11; with 2 replicas"' in rig.result(pane).text


async def test_several_answers_and_the_review(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.say("case:ask_multi go")
        prompt = await desk.prompt("question")

        await desk.says(f"choose {prompt['code']} 1,3")
        assert await desk.ended(prompt["code"]) == "confirmed"
        review = await desk.prompt("question")
        assert [choice["role"] for choice in review["choices"]] == ["submit", "cancel"]
        await desk.says(f"approve {review['code']}")

        assert await desk.ended(review["code"]) == "confirmed"
        assert '"Lint, Tests"' in rig.result(pane).text


async def test_two_calls_in_one_message_are_two_decisions(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        rig.start().say("case:two_fifos go")
        first = await desk.prompt("approval")
        await desk.says(f"approve {first['code']}")
        await desk.says(f"approve {first['code']}")
        assert await desk.ended(first["code"]) == "confirmed"

        second = await desk.prompt("approval")

        assert second["subject"] == "mkfifo ran_two"
        assert not (rig.project / "ran_two").exists()
        await desk.says(f"deny {second['code']}")
        assert await desk.ended(second["code"]) == "confirmed"
        assert (rig.project / "ran_one").exists()
        assert not (rig.project / "ran_two").exists()


async def test_trust_is_asked_on_the_phone_and_the_task_follows(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = claude_rig(trusted=False)
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        prompt = await desk.prompt("trust")
        assert str(rig.project) in "\n".join(prompt["body"])

        await desk.says(f"approve {prompt['code']}")

        assert await desk.ended(prompt["code"]) == "confirmed"
        pane.sees(AT_COMPOSER)


async def test_a_text_is_delivered_and_never_typed_into_a_dialog(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = claude_rig()
    async with at_desk(rig, tmp_path) as desk:
        rig.start()
        name = await until(lambda: _idle(desk), within=40)
        await desk.says(f"tell {name} case:fifo go")
        prompt = await desk.prompt("approval")

        await desk.says(f"tell {name} and then stop here")
        await desk.says(f"approve {prompt['code']}")

        assert await desk.ended(prompt["code"]) == "confirmed"
        await until(lambda: any("and then stop here" in s for s in rig.log.said()), within=30)
        assert [result.verdict for result in rig.log.results()] == [Verdict.RAN]


async def _idle(desk: RiggedDesk) -> str:
    """The name of a session that waits for words; empty while there is none."""
    sessions = await desk.gateway.get("/api/sessions") or []
    return next((str(session["name"]) for session in sessions if session["phase"] == "idle"), "")
