"""The scripted Responses API, asked over HTTP as the Codex CLI asks it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from bot.canary.models.responses import application
from bot.canary.script import ASIDE, Call, Case, Script

CASE = Case("bash.approve", "", (("Well.", Call("exec_command", {"cmd": "mkfifo a"})),), ())
TOOLS = [{"type": "function", "name": "exec_command"}]


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "input_text", "text": text}]}


ASKED = user("case:bash.approve please")


async def ask(script: Script, *items: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    transport = httpx.ASGITransport(application(script))
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        answer = await client.post("/v1/responses", json={"input": items, "stream": True, **body})
    lines = answer.text.splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]


async def test_a_request_for_a_case_gets_its_tool_call_and_the_stream_ends() -> None:
    events = await ask(Script([CASE]), user("<environment>"), ASKED, tools=TOOLS)

    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert (events[0]["type"], events[-1]["type"]) == ("response.created", "response.completed")
    words, call = events[-1]["response"]["output"]
    assert words["content"][0]["text"] == "Well."
    assert (call["name"], call["arguments"]) == ("exec_command", '{"cmd": "mkfifo a"}')
    assert "namespace" not in call


async def test_words_and_call_are_one_answer_and_what_the_tool_gave_back_was_heard() -> None:
    script = Script([CASE])
    words: dict[str, Any] = {"type": "message", "role": "assistant", "content": []}
    result = {"type": "function_call_output", "call_id": "c", "output": "denied: not there"}
    events = await ask(script, ASKED, words, {"type": "function_call"}, result, tools=TOOLS)

    assert events[-1]["response"]["output"][0]["content"][0]["text"] == "Done."
    assert script.has_heard("not there")
    assert not script.has_heard("case:bash.approve")


async def test_what_is_asked_without_tools_is_no_part_of_a_case() -> None:
    events = await ask(Script([CASE]), ASKED)

    assert events[-1]["response"]["output"][0]["content"][0]["text"] == ASIDE


async def test_a_tool_of_an_mcp_server_is_called_in_the_name_of_that() -> None:
    called = Case("tool.approve", "", ((Call("mcp__canary__make_marker", {"name": "it"}),),), ())
    events = await ask(Script([called]), user("case:tool.approve please"), tools=TOOLS)

    (call,) = events[-1]["response"]["output"]
    assert (call["namespace"], call["name"]) == ("mcp__canary", "make_marker")
