from __future__ import annotations

from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.canary.models.pages import PLACE, with_pages


def made(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_page_that_is_fetched_leaves_a_file_and_the_model_is_still_there(
    tmp_path: Path,
) -> None:
    model = Starlette(routes=[Route("/v1/answer", lambda request: PlainTextResponse("model"))])
    transport = httpx.ASGITransport(app=with_pages(model, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        assert (await http.get("/v1/answer")).text == "model"
        assert made(tmp_path) == []
        assert (await http.get(f"{PLACE}/fetched")).is_success

    assert made(tmp_path) == ["fetched"]
