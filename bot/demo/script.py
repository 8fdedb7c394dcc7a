"""Scripts: what a scripted agent says, asks and waits for. JSON, read once at the start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

KINDS = (
    "say", "work", "bash", "edit", "write", "fetch", "ask", "plan", "trust", "signal", "idle",
    "flip", "exit", "repeat",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``kind`` is the key that names it, ``id`` names its dialog in the log."""

    kind: str
    id: str
    fields: Mapping[str, object]

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: float = 0.0) -> float:
        value = self.fields.get(name, default)
        return float(value) if isinstance(value, int | float) else default

    def flag(self, name: str, *, default: bool = False) -> bool:
        return bool(self.fields.get(name, default))

    def lines(self, name: str) -> list[str]:
        value = self.fields.get(name)
        return [str(line) for line in value] if isinstance(value, list) else []

    def steps(self, name: str) -> list[Step]:
        value = self.fields.get(name)
        return _steps(value, self.id) if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Script:
    steps: tuple[Step, ...]
    version: str = "2.1.329"
    fullscreen: bool = True
    mode: str = "manual"
    folder: str = ""
    guard_ms: int = 150
    """Digits and Enter do nothing this long after a dialog appears; 0 in the old version."""
    gap_ms: int = 140
    """From the answer to one dialog to the next dialog."""


class BadScript(ValueError):
    """The script cannot be played, and why."""


def load(path: Path) -> Script:
    return parse(json.loads(path.read_text(encoding="utf-8")))


def parse(data: Mapping[str, object]) -> Script:
    steps = data.get("steps")
    if not isinstance(steps, list):
        raise BadScript("a script is an object with a list of steps")
    version = str(data.get("version", "2.1.329"))
    whole = Step("", "", data)
    return Script(
        tuple(_steps(steps, "")),
        version=version,
        fullscreen=whole.text("renderer", _renderer(version)) == "fullscreen",
        mode=whole.text("mode", "manual"),
        folder=whole.text("folder"),
        guard_ms=int(whole.number("guard_ms", 150 if version == "2.1.329" else 0)),
        gap_ms=int(whole.number("gap_ms", 140)),
    )


def _renderer(version: str) -> str:
    return "fullscreen" if version == "2.1.329" else "classic"


def _steps(values: list[object], prefix: str) -> list[Step]:
    numbers = count(1)
    return [_step(value, f"{prefix}{'.' if prefix else ''}{next(numbers)}") for value in values]


def _step(value: object, identity: str) -> Step:
    if not isinstance(value, dict):
        raise BadScript(f"step {identity} is no object")
    kind = next((name for name in KINDS if name in value), None)
    if kind is None:
        raise BadScript(f"step {identity} is none of {', '.join(KINDS)}")
    named = value.get("id")
    return Step(kind, named if isinstance(named, str) else identity, value)
