"""A model behind the generateContent API, on loopback: what the Gemini CLI (0.61.0) asks of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.canary.models.samples import sample
from bot.canary.script import ASIDE, Call, Script, Turn

Json = dict[str, Any]

_USAGE = {"promptTokenCount": 100, "candidatesTokenCount": 10, "totalTokenCount": 110}


def application(script: Script) -> Starlette:
    model = _Model(script)
    return Starlette(
        routes=[Route("/{version}/models/{action:path}", model.acts, methods=["POST"])]
    )


class _Model:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._numbers = count(1)

    async def acts(self, request: Request) -> Response:
        """The path ends with what is wanted of the model: ``…/gemini-x:generateContent``."""
        body: Json = await request.json()
        _, _, action = request.path_params["action"].rpartition(":")
        if action == "countTokens":
            return JSONResponse({"totalTokens": 100})
        turn = self._turn(body.get("contents") or []) if body.get("tools") else (_aside(body),)
        document = self._document(turn)
        if action == "streamGenerateContent":
            return StreamingResponse(_streamed(document), media_type="text/event-stream")
        return JSONResponse(document)

    def _turn(self, contents: Sequence[Json]) -> Turn:
        own = [at for at, content in enumerate(contents) if content.get("role") == "model"]
        for content in contents[own[-1] + 1 if own else 0 :]:
            for text in _texts(content):
                self._script.hears(text)
        said, since = "", -1
        for place, content in enumerate(contents):
            words = _words_of_a_person(content)
            if words:
                said, since = words, place
        answers = sum(content.get("role") == "model" for content in contents[since + 1 :])
        return self._script.turn(said, answers)

    def _document(self, turn: Turn) -> Json:
        parts = [self._part(part) for part in turn]
        content = {"role": "model", "parts": parts}
        return {
            "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
            "usageMetadata": _USAGE,
            "responseId": f"canary_{next(self._numbers):06}",
        }

    def _part(self, part: str | Call) -> Json:
        if isinstance(part, str):
            return {"text": part}
        identity = f"call_canary_{next(self._numbers):06}"
        return {"functionCall": {"id": identity, "name": part.tool, "args": dict(part.input)}}


def _texts(content: Mapping[str, Any]) -> Iterator[str]:
    """What the model is told there: words, or what one of its tools gave back."""
    for part in content.get("parts") or []:
        if "text" in part:
            yield str(part["text"])
        given = (part.get("functionResponse") or {}).get("response") or {}
        for value in given.values():
            yield str(value)


def _words_of_a_person(content: Mapping[str, Any]) -> str:
    """Empty for what the CLI itself adds, and for what its tools gave back."""
    if content.get("role") != "user":
        return ""
    texts = [str(part["text"]) for part in content.get("parts") or [] if "text" in part]
    return "\n".join(text for text in texts if not text.lstrip().startswith("<"))


def _aside(body: Mapping[str, Any]) -> str:
    """What has no tools is a title, a summary, or a form that is to be filled."""
    wanted = body.get("generationConfig") or {}
    schema = wanted.get("responseJsonSchema") or wanted.get("responseSchema")
    return json.dumps(sample(schema)) if schema else ASIDE


async def _streamed(document: Json) -> AsyncIterator[bytes]:
    yield f"data: {json.dumps(document)}\r\n\r\n".encode()
