import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from bot.channels.local import NotListening
from bot.core.errors import NotFound, Refused, StoreUnusable
from bot.web.headers import HEADERS
from bot.web.problems import PROBLEM_JSON, Stale, install, problem


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (NotFound("no session 'x'"), 404, "no session 'x'"),
        (Refused("not now"), 409, "not now"),
        (Stale("too late", None), 409, "too late"),
        (NotListening("soon"), 503, "soon"),
        (StoreUnusable("the disk is full"), 503, "the disk is full"),
        (HTTPException(418, "tea"), 418, "tea"),
        (ZeroDivisionError("secret words"), 500, "This is a fault in Wingman; see its log"),
    ],
)
async def test_every_error_is_a_problem_document(
    error: Exception, status: int, detail: str
) -> None:
    app = FastAPI()
    install(app)

    @app.get("/")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.get("/")
        missing = await client.get("/nothing")
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert answer.headers["content-type"] == missing.headers["content-type"] == PROBLEM_JSON
    if status == 500:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert missing.json()["title"] == "Not Found"


def test_more_fields_may_be_added() -> None:
    assert b'"current":null' in problem(409, "x", current=None).body
