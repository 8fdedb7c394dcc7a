"""The model that does as it is told: what newcomers provoke an agent's dialogs with."""

from __future__ import annotations

import json

import httpx
import pytest
from starlette.types import ASGIApp

from bot.canary.models import chat
from tests.support.dictated import Dictated, Telling, main, offered

TOOL = {
    "type": "function",
    "function": {"name": "shell", "parameters": {"properties": {"command": {"type": "string"}}}},
}


async def answer(said: str, *, model: ASGIApp | None = None) -> httpx.Response:
    transport = httpx.ASGITransport(app=model or chat.application(Dictated(())))
    body = {"model": "any", "messages": [{"role": "user", "content": said}], "tools": [TOOL]}
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        return await client.post("/v1/chat/completions", json=body)


async def message(said: str) -> dict[str, object]:
    answered = await answer(said)
    found: dict[str, object] = answered.json()["choices"][0]["message"]
    return found


async def test_it_calls_the_tools_that_a_message_names() -> None:
    said = 'call:shell {"command": "ls {a}"} and call:shell {"command": "pwd"}'
    calls = (await message(said))["tool_calls"]
    assert isinstance(calls, list)
    assert [json.loads(call["function"]["arguments"])["command"] for call in calls] == [
        "ls {a}",
        "pwd",
    ]


async def test_it_says_what_it_is_told_and_what_it_does_not_understand() -> None:
    assert (await message('say:"one\\n:::DONE:all:::"'))["content"] == "one\n:::DONE:all:::"
    assert (await message("hello"))["content"] == "Done."
    assert "no JSON behind call:shell" in str((await message("call:shell {oops"))["content"])


async def test_it_fails_when_it_is_told_to() -> None:
    assert (await answer("fail:429")).status_code == 429
    assert (await answer("fail:500, and then fail:401")).status_code == 401


async def test_it_prints_each_tool_once(capsys: pytest.CaptureFixture[str]) -> None:
    model = Telling(chat.application(Dictated(())))
    await answer("hello", model=model)
    await answer("hello", model=model)
    assert capsys.readouterr().out == 'shell {"command": "string"}\n'


@pytest.mark.parametrize(
    "tool",
    [
        {"name": "shell", "input_schema": {"properties": {"command": {"type": "string"}}}},
        {"functionDeclarations": [{"name": "shell", "parameters": {}}]},
    ],
)
def test_tools_are_found_in_other_formats(tool: dict[str, object]) -> None:
    assert [name for name, _ in offered(json.dumps({"tools": [tool]}).encode())] == ["shell"]
    assert list(offered(b'{"tools": [')) == []


def test_it_says_how_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["dictated", "morse"])
    with pytest.raises(SystemExit, match=r"dictated chat\|generate\|messages\|responses PORT"):
        main()
