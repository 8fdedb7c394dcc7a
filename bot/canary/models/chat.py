"""A model behind the Chat Completions API, on loopback: what OpenCode (1.18.33, its bundled
``@ai-sdk/openai-compatible``) and aider (0.86.2, litellm) ask of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.canary.script import ASIDE, Call, Script, Turn

Json = dict[str, Any]

_USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}


def application(script: Script) -> Starlette:
    """For agents whose tools are functions: what they ask without any is no part of a case."""
    return _application(_Model(script, by_words=False))


def by_words(script: Script) -> Starlette:
    """For agents that have no tools: what they do stands in the model's words."""
    return _application(_Model(script, by_words=True))


def _application(model: _Model) -> Starlette:
    return Starlette(
        routes=[Route("/v1/chat/completions", model.completions, methods=["POST"])],
    )


class _Model:
    def __init__(self, script: Script, *, by_words: bool) -> None:
        self._script = script
        self._by_words = by_words
        self._numbers = count(1)

    async def completions(self, request: Request) -> Response:
        body: Json = await request.json()
        is_turn = self._by_words or body.get("tools")
        turn = self._turn(body.get("messages") or []) if is_turn else (ASIDE,)
        message = self._message(turn)
        ending = "tool_calls" if "tool_calls" in message else "stop"
        head = {
            "id": f"chatcmpl-canary-{next(self._numbers):06}",
            "created": 1,
            "model": body.get("model"),
        }
        if body.get("stream"):
            return StreamingResponse(
                _streamed(head, message, ending), media_type="text/event-stream"
            )
        choice = {"index": 0, "message": message, "finish_reason": ending}
        return JSONResponse(
            {**head, "object": "chat.completion", "choices": [choice], "usage": _USAGE}
        )

    def _turn(self, messages: Sequence[Json]) -> Turn:
        for message in self._new(messages):
            for text in _texts(message):
                self._script.hears(text)
        said, since = "", -1
        for place, message in enumerate(messages):
            if message.get("role") == "user" and any(_texts(message)):
                said, since = "\n".join(_texts(message)), place
        answers = sum(message.get("role") == "assistant" for message in messages[since + 1 :])
        return self._script.turn(said, answers)

    def _new(self, messages: Sequence[Json]) -> Sequence[Json]:
        """What was said since the model last spoke. aider 0.86.2 puts files that are in the chat
        before all that was said, each with an answer of its own making."""
        if self._by_words:
            return [message for message in messages if message.get("role") == "user"]
        own = [at for at, message in enumerate(messages) if message.get("role") == "assistant"]
        return messages[own[-1] + 1 if own else 0 :]

    def _message(self, turn: Turn) -> Json:
        words = "".join(part for part in turn if isinstance(part, str))
        calls = [self._call(part) for part in turn if isinstance(part, Call)]
        message: Json = {"role": "assistant", "content": words}
        return {**message, "tool_calls": calls} if calls else message

    def _call(self, call: Call) -> Json:
        function = {"name": call.tool, "arguments": json.dumps(dict(call.input))}
        identity = f"call_canary_{next(self._numbers):06}"
        return {"id": identity, "type": "function", "function": function}


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    content = message.get("content")
    if isinstance(content, str):
        yield content
        return
    for part in content or []:
        if "text" in part:
            yield str(part["text"])


async def _streamed(head: Json, message: Json, ending: str) -> AsyncIterator[bytes]:
    calls = [{"index": at, **call} for at, call in enumerate(message.get("tool_calls", ()))]
    deltas: list[Json] = [{"role": "assistant", "content": message["content"]}]
    deltas += [{"tool_calls": [call]} for call in calls]
    chunk = {**head, "object": "chat.completion.chunk"}
    for delta in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        yield _event({**chunk, "choices": [choice]})
    yield _event({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
    yield _event({**chunk, "choices": [], "usage": _USAGE})
    yield b"data: [DONE]\n\n"


def _event(data: Json) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
