"""The scripted generateContent API, asked over HTTP as the Gemini CLI asks it."""

from __future__ import annotations

import json
from typing import Any

import httpx
from starlette.types import ASGIApp

from bot.canary.models.generate import application
from bot.canary.script import ASIDE, Call, Case, Script

CASE = Case(
    "bash.approve", "", (("Well.", Call("run_shell_command", {"command": "mkfifo a"})),), ()
)
CONTEXT = {"role": "user", "parts": [{"text": "<session_context>\nToday is\n</session_context>"}]}
ASKED = {"role": "user", "parts": [{"text": "case:bash.approve please"}]}
TOOLS = [{"functionDeclarations": [{"name": "run_shell_command"}]}]


async def ask(app: ASGIApp, action: str = "generateContent", **body: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        return await client.post(f"/v1beta/models/gemini-x:{action}", json=body)


def parts_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    (candidate,) = document["candidates"]
    assert candidate["finishReason"] == "STOP"
    parts: list[dict[str, Any]] = candidate["content"]["parts"]
    return parts


async def test_a_request_for_a_case_gets_its_function_call() -> None:
    answer = await ask(application(Script([CASE])), tools=TOOLS, contents=[CONTEXT, ASKED])

    said, called = parts_of(answer.json())
    assert said == {"text": "Well."}
    assert called["functionCall"]["name"] == "run_shell_command"
    assert called["functionCall"]["args"] == {"command": "mkfifo a"}


async def test_after_the_tool_the_turn_ends_and_its_result_was_heard() -> None:
    script = Script([CASE])
    called = {"role": "model", "parts": [{"functionCall": {"name": "run_shell_command"}}]}
    response = {"name": "run_shell_command", "response": {"output": "denied: not there"}}
    result = {"role": "user", "parts": [{"functionResponse": response}]}
    answer = await ask(application(script), tools=TOOLS, contents=[ASKED, called, result])

    assert parts_of(answer.json()) == [{"text": "Done."}]
    assert script.has_heard("denied: not there")
    assert not script.has_heard("case:bash.approve")


async def test_what_is_streamed_is_one_event_with_everything() -> None:
    answer = await ask(
        application(Script([CASE])), "streamGenerateContent", tools=TOOLS, contents=[ASKED]
    )

    assert answer.headers["content-type"].startswith("text/event-stream")
    (event,) = answer.text.strip().split("\r\n\r\n")
    assert len(parts_of(json.loads(event.removeprefix("data: ")))) == 2


async def test_what_is_asked_beside_a_case_gets_something_that_fits() -> None:
    app = application(Script([CASE]))
    assert parts_of((await ask(app, contents=[ASKED])).json()) == [{"text": ASIDE}]

    properties = {
        "again": {"type": "BOOLEAN"},
        "score": {"type": "number"},
        "model": {"type": "string", "enum": ["flash", "pro"]},
        "notes": {"type": "array"},
    }
    schema = {"type": "OBJECT", "properties": properties}
    answer = await ask(app, contents=[ASKED], generationConfig={"responseSchema": schema})
    (part,) = parts_of(answer.json())
    assert json.loads(part["text"]) == {"again": False, "score": 0, "model": "flash", "notes": []}

    assert (await ask(app, "countTokens", contents=[ASKED])).json()["totalTokens"] > 0
