"""The main line on a real tmux: what the phone decides is what the agent's own log says.

The agents are scripted, and draw and obey keys as Claude Code does (docs/explanation)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.crew import Crew, Step
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "always": "npm run *", "about": "Build it"}
EDIT = {"edit": "src/price.ts", "id": "edit", "diff": ["41  total() {", "42 -old", "42 +new"]}
FETCH = {"fetch": "https://example.test/docs", "prompt": "Sum it up", "id": "fetch"}
PLAN = {"plan": "Refunds\n\n1. Add a key\n2. Check it", "id": "plan"}
OPTIONS = [["By task", "one page each"], ["By module", "one part each"], ["Leave it", ""]]
ASK = {"id": "ask", "ask": [{"header": "Layout", "question": "How to split?", "options": OPTIONS}]}
MANY = {
    "id": "many",
    "ask": [{"header": "Checks", "question": "Which?", "multi": True, "options": OPTIONS}],
}
REASON = "use pnpm; not #(this) 'one' $HOME"


class CrewsDesk(Desk):
    """Before a crew of scripted agents."""

    def __init__(self, directory: Path) -> None:
        self.crew = Crew(directory, {})
        super().__init__(GatewayProcess(directory, self.crew.socket))

    async def asked(self, *steps: Step, **options: Any) -> dict[str, Any]:
        """An agent that plays these steps; its prompt, once the gateway has it."""
        self.crew.hire("shop", *steps, **options)
        return await self.prompt()

    def did(self, *events: str) -> list[tuple[str, str, str]]:
        """What happened to the agent's dialogs, by its own log."""
        wanted = events or ("allowed", "denied", "always", "mode_changed", "answered")
        found = (event for event in self.crew.events() if event["event"] in wanted)
        return [(event["event"], event["dialog"], event["reason"]) for event in found]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[CrewsDesk]:
    made = CrewsDesk(tmp_path)
    await made.gateway.up()
    yield made
    await made.gateway.down()
    made.crew.end()


def another(step: Step) -> Step:
    """The same kind of dialog about something else: two alike within a glance are one to us."""
    kind = next(kind for kind in ("bash", "edit", "fetch", "plan") if kind in step)
    return {**step, "id": "again", kind: f"{step[kind]}2"}


@pytest.mark.parametrize("version", ["2.1.329", "2.1.197"])
@pytest.mark.parametrize("step", [BUILD, EDIT, FETCH, PLAN], ids=lambda step: step["id"])
async def test_approve_and_deny(desk: CrewsDesk, step: Step, version: str) -> None:
    first = await desk.asked(step, another(step), version=version)
    await desk.says(f"approve {first['code']}")
    assert await desk.ended(first["code"]) == "confirmed"
    assert desk.did("allowed", "denied") == [("allowed", step["id"], "")]

    second = await desk.prompt(but=first["code"])
    await desk.says("deny shop")
    assert await desk.ended(second["code"]) == "confirmed"
    assert desk.did("allowed", "denied")[1:] == [("denied", "again", "")]


@pytest.mark.parametrize("step", [BUILD, EDIT, PLAN], ids=lambda step: step["id"])
async def test_a_reason_reaches_the_agent_letter_for_letter(desk: CrewsDesk, step: Step) -> None:
    prompt = await desk.asked(step)
    await desk.says(f"deny {prompt['code']} {REASON}")
    assert await desk.ended(prompt["code"]) == "confirmed"
    assert desk.did("denied") == [("denied", step["id"], REASON)]


async def test_always_asks_before_it_grants_more(desk: CrewsDesk) -> None:
    prompt = await desk.asked(EDIT | {"id": "wide"}, BUILD)
    await desk.says(f"always {prompt['code']}")
    await desk.says(f"choose {prompt['code']} 2")
    await desk.says("ping")
    await until(lambda: desk.heard("pong"))
    assert desk.did() == []
    await desk.says(f"approve {prompt['code']}")
    build = await desk.prompt(but=prompt["code"])
    await desk.says(f"always {build['code']}")
    assert await desk.ended(build["code"]) == "confirmed"
    assert [event for event, dialog, _ in desk.did("always", "allowed") if dialog == "build"]


async def test_questions_by_number_in_own_words_and_several(desk: CrewsDesk) -> None:
    one = await desk.asked(ASK, {**ASK, "id": "own"}, MANY)
    await desk.says(f"choose {one['code']} 2")
    assert await desk.ended(one["code"]) == "confirmed"
    own = await desk.prompt(but=one["code"])
    await desk.says(f"answer {own['code']} by audience; two parts")
    assert await desk.ended(own["code"]) == "confirmed"
    many = await desk.prompt(but=own["code"])
    await desk.says(f"choose {many['code']} 1,3")
    assert await desk.ended(many["code"]) == "confirmed"
    review = await desk.prompt(but=many["code"])
    await desk.says(f"approve {review['code']}")
    assert await desk.ended(review["code"]) == "confirmed"
    answers = [event["answers"] for event in desk.crew.events() if event["event"] == "answered"]
    assert [[answer for _, answer in one] for one in answers] == [
        ["By module"],
        ["by audience; two parts"],
        ["By task, Leave it"],
    ]


async def test_copy_mode_refuses_and_the_prompt_comes_again(desk: CrewsDesk) -> None:
    prompt = await desk.asked(BUILD)
    desk.crew.tmux("copy-mode", "-t", "shop")
    await desk.says(f"approve {prompt['code']}")
    assert await desk.ended(prompt["code"]) == "refused"
    again = await desk.prompt(but=prompt["code"])
    assert desk.did() == []
    desk.crew.tmux("send-keys", "-t", "shop", "-X", "cancel")
    await desk.says(f"approve {again['code']}")
    assert await desk.ended(again["code"]) == "confirmed"
    assert desk.did("allowed") == [("allowed", "build", "")]


async def test_a_text_waits_for_the_dialog_and_is_sent_whole(desk: CrewsDesk) -> None:
    prompt = await desk.asked(BUILD)
    text = "now `run` #(touch x); the\nsecond line \u00e9 -t Enter"
    await desk.says(f"tell shop {text}")
    await desk.says(f"approve {prompt['code']}")
    assert await desk.ended(prompt["code"]) == "confirmed"
    await until(lambda: desk.did("text"), within=20)
    assert desk.did("text")[0][2] == text
