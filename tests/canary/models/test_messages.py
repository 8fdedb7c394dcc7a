"""The scripted Messages API, asked over HTTP as Claude Code asks it."""

from __future__ import annotations

import json
from typing import Any

import httpx

from bot.canary.models.messages import application
from bot.canary.script import Call, Case, Script

CASE = Case("bash.approve", "", ((Call("Bash", {"command": "mkfifo a"}),),), ())
TOOLS = [{"name": "Bash"}]


async def ask(script: Script, **body: Any) -> httpx.Response:
    transport = httpx.ASGITransport(application(script))
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        return await client.post("/v1/messages?beta=true", json={"model": "m", **body})


def user(*texts: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts]}


async def test_a_request_for_a_case_gets_its_tool_call() -> None:
    reminder = "<system-reminder>case:other.case</system-reminder>"
    answer = await ask(
        Script([CASE]), tools=TOOLS, messages=[user(reminder, "case:bash.approve please")]
    )

    message = answer.json()
    assert message["stop_reason"] == "tool_use"
    (block,) = message["content"]
    assert (block["type"], block["name"], block["input"]) == (
        "tool_use",
        "Bash",
        {"command": "mkfifo a"},
    )


async def test_after_the_tool_the_turn_ends_and_its_result_was_heard() -> None:
    script = Script([CASE])
    result = {"type": "tool_result", "tool_use_id": "t", "content": "denied: not there"}
    answer = await ask(
        script,
        tools=TOOLS,
        messages=[
            user("case:bash.approve please"),
            {"role": "assistant", "content": []},
            {"role": "user", "content": [result]},
        ],
    )

    assert answer.json()["content"] == [{"type": "text", "text": "Done."}]
    assert script.has_heard("not there")


async def test_a_stream_is_whole_and_ends() -> None:
    answer = await ask(
        Script([CASE]), tools=TOOLS, stream=True, messages=[user("case:bash.approve please")]
    )

    events = [
        json.loads(line.removeprefix("data: "))
        for line in answer.text.splitlines()
        if line.startswith("data: ")
    ]
    assert [event["type"] for event in events] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert json.loads(events[2]["delta"]["partial_json"]) == {"command": "mkfifo a"}


async def test_a_side_request_gets_the_schema_it_asks_for() -> None:
    schema = {"properties": {"title": {"type": "string"}, "is_new": {"type": "boolean"}}}
    answer = await ask(
        Script([CASE]),
        output_config={"format": {"schema": schema}},
        messages=[user("case:bash.approve please")],
    )

    title = json.loads(answer.json()["content"][0]["text"])
    assert title == {"title": "A check of Wingman's", "is_new": False}


async def test_the_plan_goes_into_the_file_that_the_agent_named() -> None:
    case = Case("plan.approve", "", ((Call("Write", {"file_path": "{plan}"}),),), ())
    answer = await ask(
        Script([case]),
        tools=TOOLS,
        messages=[user("<hint>write to /h/plans/a-b.md</hint>", "case:plan.approve please")],
    )

    assert answer.json()["content"][0]["input"] == {"file_path": "/h/plans/a-b.md"}
