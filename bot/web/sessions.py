"""Routes of sessions, and of what other hubs call an agent."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import PlainTextResponse, Response

from bot.core.errors import Refused
from bot.ports.painter import PictureKind
from bot.web.deps import By, Deps, Needs
from bot.web.documents import (
    AgentStateDoc,
    ApproveBody,
    InputBody,
    OutcomeDoc,
    PromptDoc,
    SessionDetailDoc,
    SessionDoc,
    StartBody,
    session_docs,
)
from bot.web.problems import problem
from bot.web.prompts import current_of, settle
from bot.web.surface import Outcome

router = APIRouter(prefix="/api", tags=["sessions"])

_PICTURES: dict[str, PictureKind] = {"image/png": "png", "image/svg+xml": "svg"}


def _done(outcome: Outcome) -> OutcomeDoc:
    if not outcome.ok:
        raise Refused(outcome.notice.title)
    return OutcomeDoc.of(outcome)


@router.get("/sessions")
async def list_sessions(deps: Needs) -> list[SessionDoc]:
    return session_docs(await deps.surface.sessions(), await deps.surface.prompts())


@router.post("/sessions", status_code=HTTPStatus.CREATED)
async def start_session(body: StartBody, deps: Needs, by: By) -> OutcomeDoc:
    started = await deps.surface.start(
        body.name, body.directory, body.prompt, body.agent, body.permission_mode, by
    )
    return _done(started)


@router.get("/sessions/{name}")
async def get_session(name: str, deps: Needs) -> SessionDetailDoc:
    session = await deps.surface.session(name)
    codes = {str(prompt.id): str(prompt.code) for prompt in await deps.surface.prompts()}
    return SessionDetailDoc.of(session, codes)


@router.delete("/sessions/{name}")
async def stop_session(name: str, deps: Needs, by: By, force: bool = False) -> OutcomeDoc:
    return _done(await deps.surface.stop(name, force, by))


@router.post("/sessions/{name}/input")
async def send_input(name: str, body: InputBody, deps: Needs, by: By) -> OutcomeDoc:
    return _done(await deps.surface.input(name, body.text, by))


@router.get("/sessions/{name}/screen", response_class=PlainTextResponse)
async def get_screen(
    name: str,
    deps: Needs,
    lines: Annotated[int, Query(ge=1, le=2000)] = 50,
    accept: Annotated[str, Header()] = "*/*",
) -> Response:
    """As text, or as a picture of what is on it now: `Accept: image/png` or `image/svg+xml`."""
    wanted = _wanted(accept)
    if wanted is None:
        takes = "Ask for text/plain, image/png or image/svg+xml"
        return problem(HTTPStatus.NOT_ACCEPTABLE, takes)
    if wanted == "text/plain":
        return PlainTextResponse(await deps.surface.screen(name, lines))
    picture = await deps.surface.picture(name, _PICTURES[wanted])
    return Response(picture, media_type=wanted)


def _wanted(accept: str) -> str | None:
    """Of what we have the kind the client named first; text when it takes anything (RFC 9110,
    12.5.1, without weights)."""
    for part in accept.lower().split(","):
        kind = part.partition(";")[0].strip()
        if kind in ("text/plain", "text/*", "*/*"):
            return "text/plain"
        if kind in _PICTURES:
            return kind
        if kind == "image/*":
            return "image/png"
    return None


@router.get("/agent/{name}/state", tags=["hub"])
async def agent_state(name: str, deps: Needs) -> AgentStateDoc:
    session = await deps.surface.session(name)
    return AgentStateDoc(
        id=session.name,
        agent=session.agent,
        state=session.state,
        phase=session.phase,
        since=session.state_since,
        prompt=await current_of(deps, session.name),
    )


@router.post("/agent/{name}/approve", tags=["hub"])
async def agent_approve(name: str, body: ApproveBody, deps: Needs, by: By) -> PromptDoc:
    """Answers the session's only open prompt; use the decision route to answer one you saw."""
    code = await _only_prompt(deps, name)
    return await settle(deps, code, body.decision_value(), by)


async def _only_prompt(deps: Deps, name: str) -> str:
    session = await deps.surface.session(name)
    codes = [p.code for p in await deps.surface.prompts() if p.session == session.name]
    if len(codes) != 1:
        raise Refused(f"Session '{name}' has {len(codes)} open prompts, not one")
    return codes[0]
