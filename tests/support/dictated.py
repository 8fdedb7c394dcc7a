"""A model on loopback that does what it is told in the message, to provoke an agent's dialogs.

    .venv/bin/python -m tests.support.dictated chat 8199

It prints the tools that the agent offers. What the person then writes in the agent is what the
model answers with: ``call:bash {"command": "ls"}`` calls that tool, more calls in one message are
calls at once, ``say:"hello"`` says something, ``fail:429`` is an answer of the server's.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import uvicorn
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.canary.script import Call, Script, Turn

WIRES = ("chat", "generate", "messages", "responses")
"""Files of ``bot/canary/models``."""
_ORDER = re.compile(r"call:(?P<tool>[\w.-]+) *(?=\{)|say: *(?=\")|fail:(?P<status>[45]\d\d)")
_DECODER = json.JSONDecoder()


class Dictated(Script):
    """Answers once with what the last message says, and then that it is done."""

    def turn(self, said: str, answers: int) -> Turn:
        """Raises HTTPException where that was dictated."""
        parts = tuple(_parts(said)) if not answers else ()
        return parts or ("Done.",)


def _parts(said: str) -> Iterator[str | Call]:
    """What failed is asked again along with what comes next: the last word counts."""
    orders = list(_ORDER.finditer(said))
    for order in orders:
        if order["status"] and order is orders[-1]:
            raise HTTPException(int(order["status"]), "as dictated")
        if order["status"]:
            continue
        try:
            value, _ = _DECODER.raw_decode(said, order.end())
        except ValueError as error:
            yield f"That is no JSON behind {order[0].strip()}: {error}"
            continue
        yield Call(order["tool"], value) if order["tool"] else str(value)


class Telling:
    """In front of a model: prints each tool that the agent offers once, with its parameters."""

    def __init__(self, model: ASGIApp) -> None:
        self._model = model
        self._known: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def seen() -> Any:
            message = await receive()
            for name, parameters in offered(message.get("body", b"")):
                if name not in self._known:
                    self._known.add(name)
                    sys.stdout.write(f"{name} {parameters}\n")
                    sys.stdout.flush()
            return message

        await self._model(scope, seen, send)


def offered(body: bytes) -> Iterator[tuple[str, str]]:
    """Names of tools and of what they take, in any of the wire formats; none in half a body."""
    try:
        asked = json.loads(body)
    except ValueError:
        return
    tools = asked.get("tools") if isinstance(asked, Mapping) else None
    for tool in tools or ():
        for function in tool.get("functionDeclarations") or (tool.get("function") or tool,):
            if "name" in function:
                yield function["name"], json.dumps(_parameters(function))


def _parameters(function: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = ("parameters", "parametersJsonSchema", "input_schema")
    schema: Mapping[str, Any] = next((function[key] for key in keys if key in function), {})
    properties = schema.get("properties", {})
    return {name: about.get("type", "") for name, about in properties.items()}


def main() -> None:
    """Raises SystemExit with the way it is called."""
    wire, port = [*sys.argv[1:], "", ""][:2]
    if wire not in WIRES or not port.isdigit():
        raise SystemExit(f"python -m tests.support.dictated {'|'.join(WIRES)} PORT")
    model = import_module(f"bot.canary.models.{wire}").application(Dictated(()))
    uvicorn.run(Telling(model), host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
