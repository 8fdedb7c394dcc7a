"""A stand-in for the Messages API on loopback, for driving the real agent. No model is behind it.

``python -m tests.real_agents.fake_anthropic --port N --scenario FILE… --log FILE --folder DIR``
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock
from time import monotonic
from typing import Any
from uuid import uuid4

from tests.real_agents.scenario import Scenario, Turn

READY = "fake_anthropic is ready"
_NOT_FOUND = {"type": "error", "error": {"type": "not_found_error", "message": "not here"}}


class FakeApi(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, scenario: Scenario, log: Path) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.scenario = scenario
        self.errors_sent: dict[str, int] = {}
        self._lock = Lock()
        self._log = log.open("a", encoding="utf-8", buffering=1)

    def note(self, event: str, **more: object) -> None:
        with self._lock:
            line = {"at": monotonic(), "event": event, **more}
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeApi

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        pass

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self._json({"message": "hello"} if self.path.startswith("/api/hello") else _NOT_FOUND)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.split("?")[0]
        if path == "/v1/messages/count_tokens":
            self._json({"input_tokens": max(1, len(raw) // 4)})
        elif path == "/v1/messages":
            self._messages(json.loads(raw))
        else:
            self._json(_NOT_FOUND, 404)

    def _messages(self, body: dict[str, Any]) -> None:
        main = bool(body.get("tools"))
        self.server.note("request" if main else "side_request", body=body if main else None)
        turn = self.server.scenario.turn(body)
        Event().wait(
            turn.get("first_ms", self.server.scenario.settings.get("first_ms", 30)) / 1000
        )
        if "error" in turn and self._fails(turn["error"]):
            return
        self._answer(turn, body)

    def _fails(self, error: dict[str, Any]) -> bool:
        key = json.dumps(error, sort_keys=True)
        sent = self.server.errors_sent[key] = self.server.errors_sent.get(key, 0) + 1
        if sent > error.get("times", sent):
            return False
        told = {"type": error.get("type", "api_error"), "message": error.get("message", "")}
        answer = {"type": "error", "error": told}
        self._json(answer, error.get("status", 500), error.get("headers") or {})
        return True

    def _answer(self, turn: Turn, body: dict[str, Any]) -> None:
        blocks = list(self.server.scenario.blocks(turn))
        if body.get("stream"):
            self._stream(turn, blocks, body)
        else:
            self._json(_message(blocks, body))

    def _stream(self, turn: Turn, blocks: list[dict[str, Any]], body: dict[str, Any]) -> None:
        pace = turn.get("chunk_ms", self.server.scenario.settings.get("chunk_ms", 2)) / 1000
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for event in _events(blocks, body):
            self._event(event)
            if event["type"] == "content_block_delta":
                Event().wait(pace)
        for block in blocks:
            if block["type"] == "tool_use":
                self.server.note("tool_sent", id=block["id"], tool=block["name"])
        while turn.get("hang"):
            Event().wait(1)
            self._event({"type": "ping"})
        for event in _ending(blocks):
            self._event(event)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _event(self, event: dict[str, Any]) -> None:
        data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _json(
        self, answer: object, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _message(blocks: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    return {
        # Messages of one id are one message to the agent.
        "id": f"msg_fake{uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": blocks,
        "stop_reason": _stop(blocks),
        "stop_sequence": None,
        "usage": {"input_tokens": 100, "output_tokens": 10},
    }


def _stop(blocks: Iterable[dict[str, Any]]) -> str:
    return "tool_use" if any(block["type"] == "tool_use" for block in blocks) else "end_turn"


def _events(blocks: list[dict[str, Any]], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = {**_message([], body), "stop_reason": None}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(blocks):
        empty, deltas = _parts(block)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


def _parts(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    match block["type"]:
        case "tool_use":
            text = json.dumps(block["input"])
            pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
            return {**block, "input": {}}, deltas
        case "thinking":
            words = re.findall(r"\S+\s*|\s+", block["thinking"])
            deltas = [{"type": "thinking_delta", "thinking": word} for word in words]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
            return {**block, "thinking": "", "signature": ""}, deltas
        case _:
            words = re.findall(r"\S+\s*|\s+", block["text"])
            return {**block, "text": ""}, [{"type": "text_delta", "text": word} for word in words]


def _ending(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    delta = {"stop_reason": _stop(blocks), "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 10}}
    yield {"type": "message_stop"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--scenario", type=Path, nargs="+", required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--folder", required=True)
    chosen = parser.parse_args()
    scenario = Scenario(chosen.scenario, chosen.folder)
    server = FakeApi(chosen.port, scenario, chosen.log)
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
