"""A scripted model as OpenAI's API: Chat Completions for OpenCode 1.18.33, aider 0.86.2,
Qwen Code 0.24.4,
Responses for Codex 0.169.0.

A message that holds ``run:NAME`` is answered once with the command ``mkfifo NAME``, ``slow:NAME``
with a command that takes long and is allowed, ``patch:NAME`` with a patch that adds a file. Where
no tools are offered, the command is a block of shell in the text.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Json = dict[str, Any]

READY = "ready"
_ORDER = re.compile(r"(run|slow|patch):(\w+)")
_PATCH = "*** Begin Patch\n*** Add File: {name}.txt\n+made here\n+and here\n*** End Patch\n"


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log = Path()

    def log_message(self, *args: object) -> None:
        """Not on standard error: what was asked is in the log."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(body) + "\n")
        if self.path.endswith("/responses"):
            self._send("text/event-stream", "".join(_responses(body)))
        elif body.get("stream"):
            self._send("text/event-stream", "".join(_chunks(body, _message(body))))
        else:
            choice = {"index": 0, "finish_reason": "stop", "message": _ASIDE}
            answer = {**_head(body, "chat.completion"), "choices": [choice], "usage": _USAGE}
            self._send("application/json", json.dumps(answer))

    def _send(self, kind: str, text: str) -> None:
        data = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _order(messages: Sequence[Json]) -> tuple[str, str] | None:
    """What a person asks for since the model last spoke; None: nothing, or it is done."""
    for message in reversed(messages):
        if message.get("role") == "user":
            found = _ORDER.search(json.dumps(message.get("content")))
            if found:
                return found[1], found[2]
        elif message.get("role") not in ("system", "developer"):
            return None
    return None


def _command(what: str, name: str) -> str:
    if what == "patch":
        return f"apply_patch <<'EOF'\n{_PATCH.format(name=name)}EOF"
    return f"sleep 40; touch {name}" if what == "slow" else f"mkfifo {name}"


# Chat Completions

_USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
_SHELLS = frozenset({"bash", "run_shell_command"})
"""What OpenCode and Qwen Code call theirs."""
_ASIDE = {"role": "assistant", "content": "A session by script"}


def _head(body: Mapping[str, Any], kind: str) -> Json:
    return {"id": "fake", "object": kind, "created": 1, "model": body["model"]}


def _message(body: Mapping[str, Any]) -> Json:
    order = _order(body["messages"])
    if order is None:
        return {"content": "Done."}
    command = _command(*order)
    if not body.get("tools"):
        return {"content": f"I will run it.\n\n```bash\n{command}\n```\n"}
    arguments = json.dumps({"command": command, "description": "Make a pipe"})
    offered = {tool["function"]["name"] for tool in body["tools"]}
    call = {"name": min(offered & _SHELLS), "arguments": arguments}
    number = f"call_{len(body['messages'])}"
    return {"tool_calls": [{"index": 0, "id": number, "type": "function", "function": call}]}


def _chunks(body: Mapping[str, Any], delta: Mapping[str, Any]) -> Iterator[str]:
    reason = "tool_calls" if "tool_calls" in delta else "stop"
    for part, end in (({"role": "assistant", **delta}, None), ({}, reason)):
        choice = {"index": 0, "delta": part, "finish_reason": end}
        event = {**_head(body, "chat.completion.chunk"), "choices": [choice]}
        yield f"data: {json.dumps(event)}\n\n"
    yield "data: [DONE]\n\n"


# Responses


def _responses(body: Mapping[str, Any]) -> Iterator[str]:
    items: Sequence[Json] = body["input"]
    head = {"id": f"resp_{len(items)}", "object": "response", "created_at": 1, "output": []}
    yield _event("response.created", response={**head, "status": "in_progress"})
    item = _item(_order(items) if body.get("tools") else None, len(items))
    yield _event("response.output_item.added", output_index=0, item=item)
    if item["type"] == "message":
        text = item["content"][0]["text"]
        place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        yield _event("response.output_text.delta", **place, delta=text)
    yield _event("response.output_item.done", output_index=0, item=item)
    usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    done = {**head, "status": "completed", "output": [item], "usage": usage}
    yield _event("response.completed", response=done)


def _item(order: tuple[str, str] | None, number: int) -> Json:
    if order is None:
        content = [{"type": "output_text", "text": "Done.", "annotations": []}]
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        return {**message, "status": "completed", "content": content}
    call = {"call_id": f"call_{number}", "status": "completed"}
    arguments: Json = {"cmd": _command(*order)}
    if order[0] == "run":
        arguments |= {
            "sandbox_permissions": "require_escalated",
            "justification": "May I make a pipe?",
            "prefix_rule": ["mkfifo"],
        }
    function = {"type": "function_call", "id": f"fc_{number}", "name": "exec_command"}
    return {**function, **call, "arguments": json.dumps(arguments)}


def _event(kind: str, **fields: object) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    chosen = parser.parse_args()
    Model.log = chosen.log
    server = ThreadingHTTPServer(("127.0.0.1", chosen.port), Model)
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
