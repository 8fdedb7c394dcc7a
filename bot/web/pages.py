"""The page itself, and the one place where a link becomes a login."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.exceptions import HTTPException

from bot.web.deps import By, Needs
from bot.web.documents import LinkDoc, StatusDoc
from bot.web.guard import BY_BEARER, BY_SOCKET
from bot.web.login import LINK_LIFE, Logins, address
from bot.web.problems import problem

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATIC = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)
health = APIRouter(tags=["health"])
login = APIRouter(prefix="/api", tags=["login"])


@router.get("/")
async def page(
    request: Request, deps: Needs, by: By, link: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The empty page is public: what it shows comes from the API, which is not."""
    if not link:
        return FileResponse(STATIC / "index.html")
    if deps.links.use(link):
        return _logged_in(request)
    if by:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return FileResponse(STATIC / "used.html", HTTPStatus.GONE)


def _logged_in(request: Request) -> Response:
    logins: Logins = request.app.state.logins
    deps_origins: frozenset[str] = request.app.state.deps.access.origins
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        logins.cookie,
        logins.issue(),
        max_age=int(logins.life.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        # The Host was compared with ours before: only a public address of ours is https.
        secure=f"https://{request.headers['host'].lower()}" in deps_origins,
    )
    return answer


@login.post("/link")
async def new_link(deps: Needs, by: By) -> LinkDoc:
    """For the token and the socket only: a browser's login may not multiply itself."""
    if by not in {BY_SOCKET, BY_BEARER}:
        raise HTTPException(HTTPStatus.FORBIDDEN, "Run `wingman link` where the gateway runs")
    url = address(deps.access.url, deps.links.make())
    return LinkDoc(url=url, expires_in=int(LINK_LIFE.total_seconds()))


@health.get("/metrics", response_class=PlainTextResponse)
async def metrics(deps: Needs) -> Response:
    """For Prometheus, with the bearer token."""
    return Response(deps.metrics(), media_type=METRICS_TYPE)


@router.get("/manifest.webmanifest")
async def manifest() -> Response:
    return FileResponse(STATIC / "manifest.webmanifest", media_type="application/manifest+json")


@health.get("/healthz")
async def healthz() -> StatusDoc:
    """The program runs."""
    return StatusDoc(status="ok")


@health.get("/readyz", response_model=StatusDoc)
async def readyz(deps: Needs) -> Response:
    """Store and tmux answer, and every pane that was there at the start has been looked at; until
    then 503 and what it waits for."""
    wrong = await deps.surface.ready()
    if wrong:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, wrong)
    return JSONResponse({"status": "ready"})
