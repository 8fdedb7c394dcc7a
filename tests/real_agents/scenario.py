"""What the scripted model answers.

A prompt with ``case:NAME`` picks a case; its turns are answered in order, the turn being the
number of model answers after that prompt. So one session can play any number of cases, again and
again. Blocks are text, ``{"thinking": …}`` or ``{"tool": NAME, "input": {…}}``; ``{{cwd}}`` is the
project and ``{{plan_file}}`` the plan file that the agent named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

Turn = dict[str, Any]
Message = Mapping[str, Any]

HERE = Path(__file__).resolve().parent
CORE = HERE / "scenarios.json"

_CASE = re.compile(r"case:([A-Za-z0-9_.-]+)")
_PLAN_FILE = re.compile(r"/[^\s\"'`]+/plans/[A-Za-z0-9_-]+\.md")
_PAST_THE_END: Turn = {"blocks": ["Done."]}


class Scenario:
    def __init__(self, files: Sequence[Path], folder: str) -> None:
        self._folder = folder
        self._ids = count(1)
        self.settings: dict[str, Any] = {}
        self.cases: dict[str, list[Turn]] = {}
        for file in files:
            data = json.loads(file.read_text(encoding="utf-8"))
            self.cases.update(data.pop("cases", {}))
            self.settings.update(data)

    def turn(self, body: Mapping[str, Any]) -> Turn:
        """What answers this request, everything filled in."""
        if not body.get("tools") or body.get("max_tokens", 0) <= 1:
            return {"blocks": [_side_answer(body)]}
        case, number = chosen(body.get("messages") or [])
        turns = self.cases.get(case) if case else self.settings.get("default")
        if turns is None:
            turns = [{"blocks": [f"There is no case {case!r}."]}] if case else []
        turn = turns[number] if number < len(turns) else _PAST_THE_END
        return self._filled(turn, body)

    def blocks(self, turn: Turn) -> Iterator[dict[str, Any]]:
        for given in turn.get("blocks", ["Done."]):
            block = {"text": given} if isinstance(given, str) else given
            if "tool" in block:
                identity = f"toolu_fake{next(self._ids):08d}"
                arguments = block.get("input", {})
                yield {
                    "type": "tool_use",
                    "id": identity,
                    "name": block["tool"],
                    "input": arguments,
                }
            elif "thinking" in block:
                yield {"type": "thinking", "thinking": block["thinking"], "signature": "c2ln"}
            else:
                yield {"type": "text", "text": block["text"]}

    def _filled(self, turn: Turn, body: Mapping[str, Any]) -> Turn:
        plans = _PLAN_FILE.findall(json.dumps(body.get("messages") or []))
        text = json.dumps(turn).replace("{{cwd}}", self._folder)
        text = text.replace("{{plan_file}}", plans[-1] if plans else "/no-plan-file.md")
        filled: Turn = json.loads(text)
        return filled


def texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    blocks = content if isinstance(content, list) else []
    return [block.get("text", "") for block in blocks if block.get("type") == "text"]


def chosen(messages: Sequence[Message]) -> tuple[str | None, int]:
    """The case of the last prompt that names one, and how many answers followed that prompt."""
    case, since, plain = None, -1, -1
    for place, message in enumerate(messages):
        if message.get("role") != "user":
            continue
        for text in texts(message.get("content")):
            if text.lstrip().startswith("<system-reminder>") or not text.strip():
                continue
            found = _CASE.search(text)
            if found:
                case, since = found.group(1), place
            elif not _is_interruption(text):
                case, plain = None, place
    start = since if case else plain
    return case, sum(message.get("role") == "assistant" for message in messages[start + 1 :])


def _is_interruption(text: str) -> bool:
    return text.startswith("[Request interrupted")


def _side_answer(body: Mapping[str, Any]) -> str:
    """Titles, probes and summaries: no tools, sometimes a JSON schema to fill."""
    wanted = (body.get("output_config") or {}).get("format") or body.get("output_format")
    if not wanted:
        return "Scripted session"
    properties = (wanted.get("schema") or {}).get("properties") or {}
    return json.dumps({name: _sample(schema) for name, schema in properties.items()})


def _sample(schema: Mapping[str, Any]) -> object:
    match schema.get("type"):
        case "boolean":
            return False
        case "number" | "integer":
            return 0
        case _:
            return (schema.get("enum") or ["Scripted session"])[0]
