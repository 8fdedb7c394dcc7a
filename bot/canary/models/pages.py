"""Pages on loopback, beside the model: one that was fetched has left a file."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

PLACE = "/pages"


def with_pages(model: ASGIApp, folder: Path) -> Starlette:
    """``folder``: where a file of the page's name is made when somebody fetches it."""

    async def page(request: Request) -> Response:
        name = Path(request.path_params["name"]).name
        (folder / name).touch()
        return HTMLResponse(f"<html><body><p>What stands on {name}.</p></body></html>")

    return Starlette(routes=[Route(f"{PLACE}/{{name}}", page), Mount("/", model)])
