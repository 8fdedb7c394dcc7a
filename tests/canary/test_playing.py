"""One case against a gateway that says what it is told to, over its own socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.adapters.clock import SystemClock
from bot.adapters.store.store import SqlStore
from bot.canary.person import Person
from bot.canary.playing import Bench, try_case
from bot.canary.script import Call, Case, Script, Step
from bot.canary.subject import Place
from bot.canary.subjects.claude import SUBJECT
from bot.canary.witness import Witness
from bot.core.prompts import Kind
from bot.core.records import PressState
from bot.core.trials import Way
from bot.web.serving import listen_local, serve
from tests.support.ledger_rows import press_record, prompt_record

CODE = "code-p1"
ALLOWED = Step(Kind.APPROVAL, "mkfifo it", {"decision": "approve"}, makes="it")
DENIED = Step(Kind.APPROVAL, "mkfifo it", {"decision": "deny"}, never="it")


def case(step: Step) -> Case:
    return Case("bash.case", "a command", ((Call("Bash", {}),),), (step,))


class Hasty(SystemClock):
    """Has waited long enough after a moment."""

    def monotonic(self) -> float:
        return super().monotonic() * 20


@dataclass
class Stage:
    """A gateway and an agent in one: the prompt stands until it is decided."""

    store: SqlStore
    project: Path
    answered: str = "Enter"
    """What the ledger has of the answer."""
    runs: bool = True
    kind: str = "approval"
    subject: str = "mkfifo it"
    texts: list[str] = field(default_factory=list)
    """What the agent was told."""
    decided: bool = False
    said: bool = False
    rows: tuple[str, ...] = ("Yes",)
    """What its card lists once all rows were asked for; none: that is refused."""
    commands: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/sessions/{name}", self.session),
                Route("/api/sessions/{name}/input", self.input, methods=["POST"]),
                Route("/api/sessions/{name}/screen", self.session),
                Route("/api/command", self.command, methods=["POST"]),
                Route("/api/prompts", self.prompts),
                Route("/api/prompts/{code}", self.prompt),
                Route("/api/prompts/{code}/decision", self.decision, methods=["POST"]),
            ]
        )

    async def session(self, request: Request) -> Response:
        rests = self.decided or not self.said
        return JSONResponse({"state": "idle" if rests else "approval", "prompt": ""})

    async def input(self, request: Request) -> Response:
        text = (await request.json())["text"]
        self.texts.append(text)
        self.said = self.said or text.startswith("case:")
        return JSONResponse({})

    def document(self) -> dict[str, Any]:
        return {
            "code": CODE,
            "session": "shop",
            "kind": self.kind,
            "subject": self.subject,
            "body": [],
            "complete": True,
            "choices": [{"label": label} for label in self.rows],
            "state": "confirmed" if self.decided else "open",
            "closed_at": None,
        }

    async def command(self, request: Request) -> Response:
        self.commands.append((await request.json())["text"])
        notice = {"title": "The screen is not the one you saw"}
        return JSONResponse({"ok": bool(self.rows), "notice": notice})

    async def prompts(self, request: Request) -> Response:
        stands = self.said and not self.decided
        return JSONResponse([self.document()] if stands else [])

    async def prompt(self, request: Request) -> Response:
        return JSONResponse(self.document())

    async def decision(self, request: Request) -> Response:
        row = replace(press_record("p1", 0), keys=self.answered, state=PressState.APPLIED)
        async with self.store.transaction() as tx:
            await tx.presses.add(row)
        if self.runs:
            (self.project / "it").touch()
        self.decided = True
        return JSONResponse({})


@asynccontextmanager
async def bench(tmp_path: Path, way: Way, call: str = "", **stage: Any) -> AsyncIterator[Bench]:
    path = tmp_path / "wingman.sock"
    async with await SqlStore.open(tmp_path / "wingman.db") as store:
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record(call=call))
        with contextlib.closing(listen_local(path)) as socket:
            async with asyncio.TaskGroup() as group:
                app = Stage(store, tmp_path, **stage).app()
                serving = group.create_task(serve(app, socket, asyncio.Event()))
                person = Person(path, SystemClock())
                place = Place(tmp_path, tmp_path, tmp_path, 0)
                try:
                    yield Bench(SUBJECT, place, Script([]), person, Witness(store), Hasty(), way)
                finally:
                    await person.close()
                    serving.cancel()


@pytest.mark.parametrize(
    ("way", "call", "answered"), [(Way.PANE, "", "Enter"), (Way.HOOK, "c1", "hook: allow")]
)
async def test_what_was_done_in_the_way_that_is_tried_is_proved(
    tmp_path: Path, way: Way, call: str, answered: str
) -> None:
    async with bench(tmp_path, way, call, answered=answered) as stage:
        finding = await try_case(stage, "shop", case(ALLOWED))

    assert (finding.good, finding.by, finding.says) == (True, way, "")


@pytest.mark.parametrize(
    ("way", "call", "answered", "went"),
    [(Way.HOOK, "c1", "Enter", "pane"), (Way.PANE, "c1", "hook: allow", "hook")],
)
async def test_what_went_the_other_way_is_no_proof(
    tmp_path: Path, way: Way, call: str, answered: str, went: str
) -> None:
    async with bench(tmp_path, way, call, answered=answered) as stage:
        finding = await try_case(stage, "shop", case(ALLOWED))

    assert (finding.recognised, finding.proved) == (True, False)
    assert finding.says == f"it was answered by {went}, and is confirmed"


async def test_what_was_denied_and_ran_is_no_proof(tmp_path: Path) -> None:
    async with bench(tmp_path, Way.PANE) as stage:
        finding = await try_case(stage, "shop", case(DENIED))

    assert (finding.recognised, finding.proved) == (True, False)
    assert finding.says == "it was there though it was denied"


async def test_a_card_that_shows_something_else_is_not_answered(tmp_path: Path) -> None:
    async with bench(tmp_path, Way.PANE, subject="rm it") as stage:
        finding = await try_case(stage, "shop", case(ALLOWED))

    assert (finding.recognised, finding.proved) == (False, False)
    assert "the card did not show 'mkfifo it'" in finding.says
    assert not (tmp_path / "it").exists()


async def test_a_command_of_the_agents_own_goes_first(tmp_path: Path) -> None:
    texts: list[str] = []
    async with bench(tmp_path, Way.PANE, texts=texts) as stage:
        finding = await try_case(stage, "shop", replace(case(ALLOWED), first="/plan"))

    assert finding.good
    assert texts == ["/plan", "case:bash.case please"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("Yes", "Last"), ""),
        (("Yes",), "'Last' was none of them"),
        ((), "The screen is not the one you saw"),
    ],
)
async def test_a_row_out_of_sight_is_looked_for_before_it_is_chosen(
    tmp_path: Path, rows: tuple[str, ...], says: str
) -> None:
    commands: list[str] = []
    step = replace(ALLOWED, looks="Last")
    async with bench(tmp_path, Way.PANE, rows=rows, commands=commands) as stage:
        finding = await try_case(stage, "shop", case(step))

    assert commands == [f"rows {CODE}"]
    assert finding.good is (not says)
    assert says in finding.says
    assert (tmp_path / "it").exists() is finding.good
