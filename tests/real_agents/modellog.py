"""What came back to the model: the proof of what ran, whatever the screen says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

_REJECTED = "The user doesn't want to proceed with this tool use."
_SAID = "the user said:\n"


class Verdict(StrEnum):
    RAN = "ran"
    DENIED = "denied"
    TOLD = "told"
    """Denied, with words of the person."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    id: str
    tool: str
    arguments: Mapping[str, Any]
    verdict: Verdict
    text: str
    reason: str = ""


class ModelLog:
    def __init__(self, path: Path) -> None:
        self._path = path

    def requests(self) -> list[dict[str, Any]]:
        """The conversations as the model got them, oldest first."""
        if not self._path.exists():
            return []
        # The last line may be half written: its writer is another process.
        whole = self._path.read_text("utf-8", errors="replace").rpartition("\n")[0]
        lines = [json.loads(line) for line in whole.split("\n") if line]
        return [line["body"] for line in lines if line["event"] == "request"]

    def results(self) -> list[ToolResult]:
        """Of every call that was answered, in the order of the answers, each once."""
        found: dict[str, ToolResult] = {}
        for body in self.requests():
            found |= {result.id: result for result in _results(body["messages"])}
        return list(found.values())

    def said(self) -> list[str]:
        """Every text of the person that reached the model, as blocks of the newest request."""
        requests = self.requests()
        messages = requests[-1]["messages"] if requests else []
        return [
            block["text"]
            for message in messages
            if message["role"] == "user"
            for block in _blocks(message)
            if block.get("type") == "text"
        ]


def _blocks(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or [])


def _results(messages: list[dict[str, Any]]) -> Iterator[ToolResult]:
    calls: dict[str, dict[str, Any]] = {}
    for message in messages:
        for block in _blocks(message):
            if block.get("type") == "tool_use":
                calls[block["id"]] = block
            elif block.get("type") == "tool_result":
                yield _result(calls[block["tool_use_id"]], block)


def _result(call: Mapping[str, Any], block: Mapping[str, Any]) -> ToolResult:
    content = block.get("content")
    text = (
        content
        if isinstance(content, str)
        else "\n".join(part.get("text", "") for part in content or [])
    )
    verdict, reason = Verdict.RAN, ""
    if block.get("is_error") and text.startswith(_REJECTED):
        _, said, reason = text.partition(_SAID)
        verdict = Verdict.TOLD if said else Verdict.DENIED
        reason = reason.partition("\n\nNote:")[0]
    return ToolResult(call["id"], call["name"], call["input"], verdict, text, reason)
