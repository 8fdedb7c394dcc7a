"""Errors as application/problem+json."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.channels.local import NotListening
from bot.core.errors import NotFound, Refused, WingmanError
from bot.web.documents import PromptDoc
from bot.web.headers import HEADERS

PROBLEM_JSON = "application/problem+json"


class Stale(WingmanError):
    """The decision was not carried out; ``current`` is what that session asks now."""

    def __init__(self, reason: str, current: PromptDoc | None) -> None:
        super().__init__(reason)
        self.current = current


def problem(status: int, detail: str = "", **more: object) -> JSONResponse:
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(content, status, headers, media_type=PROBLEM_JSON)


def install(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(WingmanError, _ours)
    app.add_exception_handler(Exception, _unexpected)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [f"{_place(found['loc'])}: {found['msg']}" for found in error.errors()]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(wrong))


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location[1:]) or str(location[0])


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    match error:
        case Stale(current=current):
            document = current.model_dump(mode="json") if current else None
            return problem(HTTPStatus.CONFLICT, str(error), current=document)
        case NotFound():
            return problem(HTTPStatus.NOT_FOUND, str(error))
        case Refused():
            return problem(HTTPStatus.CONFLICT, str(error))
        case NotListening():
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        case _:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))


async def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    # The words of an unforeseen error may hold anything; they go to the log, not to the client.
    # This answer is made outside of the guard, which adds the headers to all others.
    answer = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault in Wingman; see its log")
    answer.headers.update(HEADERS)
    return answer
