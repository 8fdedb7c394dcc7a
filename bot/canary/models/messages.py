"""A model behind the Messages API, on loopback: what Claude Code (2.1.329) asks of it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.canary.models.samples import sample
from bot.canary.script import ASIDE, Call, Script, Turn

Json = dict[str, Any]

_PLAN_FILE = re.compile(r"/[^\s\"'`]+/plans/[A-Za-z0-9_-]+\.md")
"""Claude Code tells the model in which file it wants the plan."""


def application(script: Script) -> Starlette:
    model = _Model(script)
    return Starlette(
        routes=[
            Route("/v1/messages", model.messages, methods=["POST"]),
            Route("/v1/messages/count_tokens", model.count_tokens, methods=["POST"]),
            Route("/api/hello", model.hello),
        ]
    )


class _Model:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._numbers = count(1)

    async def hello(self, request: Request) -> Response:
        return JSONResponse({"message": "hello"})

    async def count_tokens(self, request: Request) -> Response:
        return JSONResponse({"input_tokens": 100})

    async def messages(self, request: Request) -> Response:
        body: Json = await request.json()
        # Titles and summaries are asked without tools, sometimes with a schema to fill.
        turn = self._turn(body) if body.get("tools") else (_aside(body),)
        message = self._message(turn, body)
        if not body.get("stream"):
            return JSONResponse(message)
        return StreamingResponse(_streamed(message), media_type="text/event-stream")

    def _turn(self, body: Json) -> Turn:
        messages = body.get("messages") or []
        for text in _texts(messages[-1:]):
            self._script.hears(text)
        said, since = "", -1
        for place, message in enumerate(messages):
            words = _words_of_a_person(message)
            if words:
                said, since = words, place
        plans = _PLAN_FILE.findall(json.dumps(messages))
        self._script.names["plan"] = plans[-1] if plans else "/no-plan-file.md"
        answers = sum(message.get("role") == "assistant" for message in messages[since + 1 :])
        return self._script.turn(said, answers)

    def _message(self, turn: Turn, body: Json) -> Json:
        calls = any(isinstance(part, Call) for part in turn)
        return {
            "id": f"msg_canary_{next(self._numbers):06}",
            "type": "message",
            "role": "assistant",
            "model": body.get("model"),
            "content": [self._block(part) for part in turn],
            "stop_reason": "tool_use" if calls else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 100, "output_tokens": 10},
        }

    def _block(self, part: str | Call) -> Json:
        if isinstance(part, str):
            return {"type": "text", "text": part}
        identity = f"toolu_canary_{next(self._numbers):06}"
        return {"type": "tool_use", "id": identity, "name": part.tool, "input": dict(part.input)}


def _texts(messages: Sequence[Json]) -> list[str]:
    """All that the model is told there: words, and what its tools gave back."""
    found = []
    for message in messages:
        content = message.get("content")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
        for block in blocks:
            if block.get("type") == "tool_result":
                found += _texts([{"content": block.get("content")}])
            elif "text" in block:
                found.append(str(block["text"]))
    return found


def _words_of_a_person(message: Json) -> str:
    """Empty for what the agent itself adds, and for what its tools gave back."""
    if message.get("role") != "user":
        return ""
    content = message.get("content")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    texts = [str(b.get("text", "")) for b in blocks if b.get("type") == "text"]
    own = [text for text in texts if not text.lstrip().startswith(("<", "[Request interrupted"))]
    return "\n".join(own)


def _aside(body: Mapping[str, Any]) -> str:
    wanted = (body.get("output_config") or {}).get("format") or body.get("output_format")
    if not wanted:
        return ASIDE
    return json.dumps(sample({"type": "object", **(wanted.get("schema") or {})}))


async def _streamed(message: Json) -> AsyncIterator[bytes]:
    empty = {**message, "content": [], "stop_reason": None}
    yield _event({"type": "message_start", "message": empty})
    for index, block in enumerate(message["content"]):
        if block["type"] == "tool_use":
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        else:
            start = {**block, "text": ""}
            delta = {"type": "text_delta", "text": block["text"]}
        yield _event({"type": "content_block_start", "index": index, "content_block": start})
        yield _event({"type": "content_block_delta", "index": index, "delta": delta})
        yield _event({"type": "content_block_stop", "index": index})
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": ending, "usage": {"output_tokens": 10}})
    yield _event({"type": "message_stop"})


def _event(data: Json) -> bytes:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()
