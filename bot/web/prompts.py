"""Routes of prompts and decisions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from bot.core.decisions import Decision
from bot.core.errors import NotFound, Refused
from bot.web.deps import By, Deps, Needs
from bot.web.documents import DecisionBody, Problem, PromptDoc
from bot.web.problems import Stale

router = APIRouter(prefix="/api/prompts", tags=["prompts"])


class StaleDoc(Problem):
    current: PromptDoc | None


CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": StaleDoc, "description": "Nothing was pressed"}
}


@router.get("")
async def list_prompts(deps: Needs) -> list[PromptDoc]:
    """Open prompts, oldest first."""
    return [PromptDoc.of(record) for record in await deps.surface.prompts()]


@router.get("/{code}")
async def get_prompt(code: str, deps: Needs) -> PromptDoc:
    return PromptDoc.of(await deps.surface.prompt(code))


@router.post("/{code}/decision", responses=CONFLICT)
async def decide(code: str, body: DecisionBody, deps: Needs, by: By) -> PromptDoc:
    decision = body.decision_value()
    if decision is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "Name a decision or choices")
    return await settle(deps, code, decision, by)


async def settle(deps: Deps, code: str, decision: Decision, by: str) -> PromptDoc:
    """Raises Stale, with what that session asks now, when the decision was not taken."""
    try:
        return PromptDoc.of(await deps.surface.decide(code, decision, by))
    except Refused as error:
        raise Stale(str(error), await _asked_instead(deps, code)) from error


async def _asked_instead(deps: Deps, code: str) -> PromptDoc | None:
    try:
        record = await deps.surface.prompt(code)
    except NotFound:
        return None
    return await current_of(deps, record.session)


async def current_of(deps: Deps, session: str) -> PromptDoc | None:
    """The newest open prompt of a session."""
    records = [r for r in await deps.surface.prompts() if r.session == session]
    return PromptDoc.of(records[-1]) if records else None
