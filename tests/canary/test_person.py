"""The person of a trial, against the gateway's own web layer."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.adapters.clock import SystemClock
from bot.canary.person import NotSeen, Person
from bot.web.serving import listen_local, serve
from tests.support.gateway import Gateway


async def test_a_gateway_that_is_not_there_is_not_up(tmp_path: Path) -> None:
    person = Person(tmp_path / "none.sock", SystemClock())
    try:
        assert not await person.is_up()
    finally:
        await person.close()


async def test_what_the_gateway_refuses_is_said_in_its_own_words(tmp_path: Path) -> None:
    socket = tmp_path / "wingman.sock"
    async with Gateway(socket=socket).running():
        person = Person(socket, SystemClock())
        try:
            assert await person.is_up()
            assert await person.prompt_of("nobody") is None
            assert not await person.rests("nobody")
            with pytest.raises(NotSeen, match="k3f9"):
                await person.decides("k3f9", {"decision": "approve"})
        finally:
            await person.close()


async def test_what_grants_more_is_confirmed_when_it_is_asked_back(tmp_path: Path) -> None:
    got: list[bytes] = []

    async def decision(request: Request) -> Response:
        got.append(await request.body())
        widens = {"detail": "grants more than this one request"}
        return JSONResponse(widens, 409) if len(got) == 1 else JSONResponse({})

    path = tmp_path / "wingman.sock"
    app = Starlette(routes=[Route("/api/prompts/k3f9/decision", decision, methods=["POST"])])
    with contextlib.closing(listen_local(path)) as socket:
        async with asyncio.TaskGroup() as group:
            closing = asyncio.Event()
            serving = group.create_task(serve(app, socket, closing))
            person = Person(path, SystemClock())
            try:
                await person.decides("k3f9", {"decision": "always", "confirm": True})
                assert len(got) == 2
                got.clear()
                with pytest.raises(NotSeen, match="grants more"):
                    await person.decides("k3f9", {"decision": "always"})
            finally:
                await person.close()
                serving.cancel()


async def test_what_does_not_come_in_time_is_not_seen(tmp_path: Path) -> None:
    person = Person(tmp_path / "none.sock", SystemClock())
    looked = 0

    async def look() -> bool:
        nonlocal looked
        looked += 1
        return looked == 3

    try:
        assert await person.waits_for(look, "third time", within=5)
        with pytest.raises(NotSeen, match=r"never within 0\.05 s"):
            await person.waits_for(look, "never", within=0.05)
    finally:
        await person.close()
