"""A model behind the Responses API, on loopback: what the Codex CLI (0.169.0) asks of it."""

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

_USAGE = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 10,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 110,
}


def application(script: Script) -> Starlette:
    model = _Model(script)
    return Starlette(
        routes=[
            Route("/v1/responses", model.responses, methods=["POST"]),
            Route("/v1/models", model.models),
        ]
    )


class _Model:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._numbers = count(1)

    async def models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [], "models": []})

    async def responses(self, request: Request) -> Response:
        """Always streamed: Codex asks for nothing else."""
        body: Json = await request.json()
        turn = self._turn(body.get("input") or []) if body.get("tools") else (ASIDE,)
        response = {
            "id": f"resp_canary_{next(self._numbers):06}",
            "object": "response",
            "created_at": 1,
            "model": body.get("model"),
        }
        output = [self._item(part) for part in turn]
        return StreamingResponse(_streamed(response, output), media_type="text/event-stream")

    def _turn(self, items: Sequence[Json]) -> Turn:
        own = [at for at, item in enumerate(items) if _is_models(item)]
        for item in items[own[-1] + 1 if own else 0 :]:
            for text in _texts(item):
                self._script.hears(text)
        said, since = "", -1
        for place, item in enumerate(items):
            words = "\n".join(_texts(item)) if item.get("role") == "user" else ""
            if words and not words.lstrip().startswith("<"):
                said, since = words, place
        later = [_is_models(item) for item in items[since + 1 :]]
        answers = sum(
            now and not before for before, now in zip([False, *later], later, strict=False)
        )
        return self._script.turn(said, answers)

    def _item(self, part: str | Call) -> Json:
        number = next(self._numbers)
        if isinstance(part, str):
            text = {"type": "output_text", "text": part, "annotations": []}
            message = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
            return {**message, "content": [text], "status": "completed"}
        server, _, tool = part.tool.rpartition("__")
        return {
            "type": "function_call",
            "id": f"fc_{number}",
            "call_id": f"call_canary_{number:06}",
            **({"namespace": server} if server else {}),
            "name": tool,
            "arguments": json.dumps(dict(part.input)),
            "status": "completed",
        }


def _is_models(item: Mapping[str, Any]) -> bool:
    return item.get("role") == "assistant" or item.get("type") in ("function_call", "reasoning")


def _texts(item: Mapping[str, Any]) -> Iterator[str]:
    """What the model is told there: words, or what one of its tools gave back."""
    content = item.get("output") if "output" in item else item.get("content")
    if isinstance(content, str):
        yield content
        return
    for part in content or []:
        if "text" in part:
            yield str(part["text"])


async def _streamed(response: Json, output: Sequence[Json]) -> AsyncIterator[bytes]:
    numbers = count()
    begun = {**response, "status": "in_progress", "output": []}
    yield _event(next(numbers), {"type": "response.created", "response": begun})
    for at, item in enumerate(output):
        for kind in ("response.output_item.added", "response.output_item.done"):
            yield _event(next(numbers), {"type": kind, "output_index": at, "item": item})
    done = {**response, "status": "completed", "output": [*output], "usage": _USAGE}
    yield _event(next(numbers), {"type": "response.completed", "response": done})


def _event(number: int, data: Json) -> bytes:
    document = {**data, "sequence_number": number}
    return f"event: {data['type']}\ndata: {json.dumps(document)}\n\n".encode()
