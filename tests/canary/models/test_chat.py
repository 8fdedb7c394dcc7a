"""The scripted Chat Completions API, asked over HTTP as OpenCode and aider ask it."""

from __future__ import annotations

import json
from typing import Any

import httpx
from starlette.types import ASGIApp

from bot.canary.models.chat import application, by_words
from bot.canary.script import ASIDE, Call, Case, Script

CASE = Case("bash.approve", "", (("Well.", Call("bash", {"command": "mkfifo a"})),), ())
ASKED = {"role": "user", "content": "case:bash.approve please"}
TOOLS = [{"type": "function", "function": {"name": "bash"}}]


async def ask(app: ASGIApp, **body: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        return await client.post("/v1/chat/completions", json={"model": "m", **body})


async def test_a_request_for_a_case_gets_its_tool_call() -> None:
    answer = await ask(application(Script([CASE])), tools=TOOLS, messages=[ASKED])

    (choice,) = answer.json()["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == "Well."
    (call,) = choice["message"]["tool_calls"]
    assert call["function"] == {"name": "bash", "arguments": '{"command": "mkfifo a"}'}


async def test_after_the_tool_the_turn_ends_and_its_result_was_heard() -> None:
    script = Script([CASE])
    result = {"role": "tool", "tool_call_id": "t", "content": "denied: not there"}
    answer = await ask(
        application(script),
        tools=TOOLS,
        messages=[ASKED, {"role": "assistant", "content": None}, result],
    )

    (choice,) = answer.json()["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("stop", "Done.")
    assert script.has_heard("not there")
    assert not script.has_heard("case:bash.approve")


async def test_a_stream_is_whole_and_ends() -> None:
    said = [{"role": "user", "content": [{"type": "text", "text": ASKED["content"]}]}]
    answer = await ask(application(Script([CASE])), tools=TOOLS, stream=True, messages=said)

    *events, end = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    assert end == "[DONE]"
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    assert choices[0]["delta"] == {"role": "assistant", "content": "Well."}
    (call,) = choices[1]["delta"]["tool_calls"]
    assert (call["index"], call["function"]["name"]) == (0, "bash")
    assert [choice["finish_reason"] for choice in choices] == [None, None, "tool_calls"]


async def test_a_title_is_no_part_of_a_case() -> None:
    answer = await ask(application(Script([CASE])), messages=[ASKED])

    assert answer.json()["choices"][0]["message"]["content"] == ASIDE


async def test_an_agent_without_tools_is_told_in_words() -> None:
    script = Script([Case("bash.approve", "", (("```bash\nmkfifo a\n```",),), ())])
    answer = await ask(by_words(script), messages=[ASKED])

    assert "mkfifo a" in answer.json()["choices"][0]["message"]["content"]


async def test_files_in_the_chat_stand_before_what_was_said_and_are_heard() -> None:
    script = Script([CASE])
    file = {"role": "user", "content": "notes.txt\nthe words of it"}
    messages = [file, {"role": "assistant", "content": "Ok."}, ASKED]

    await ask(by_words(script), messages=messages)

    assert script.has_heard("the words of it")
