"""Every dialog of every agent and version: what is read, and what can be answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.core.agent import AgentSpec
from bot.core.answering import Cancel, Goal, Mark, Pick, Write, goal
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import ANSWERABLE, Kind, Prompt, Role
from bot.registry import leaves
from tests.support.screens import SCREENS, Golden, golden_screens

HEAD = ("agent", "version", "dialog", "read", "approve", "deny", "with a reason", "always", "rows")
_NOT = "no"


@dataclass
class Row:
    """One kind of dialog of one version."""

    screens: int = 0
    right: int = 0
    means: dict[str, list[str]] = field(default_factory=dict)
    """Column to each different way in which it is done, in order of appearance."""

    def add(self, prompt: Prompt | None, *, right: bool) -> None:
        self.screens += 1
        self.right += right
        if prompt is None or prompt.kind not in ANSWERABLE or not prompt.complete:
            return
        for column, way in _ways(prompt):
            known = self.means.setdefault(column, [])
            if way not in known:
                known.append(way)


def agent_rows() -> Iterator[Sequence[str]]:
    specs: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
    for name, spec in specs.items():
        for (version, dialog), row in sorted(_rows(name, spec).items()):
            cells = [_joined(row.means.get(column, [_NOT])) for column in HEAD[4:]]
            yield (spec.title, version or "", dialog, f"{row.right} of {row.screens}", *cells)


def _rows(name: str, spec: AgentSpec) -> dict[tuple[str, str], Row]:
    found: dict[tuple[str, str], Row] = {}
    for golden in golden_screens(name):
        state = golden.expected["state"]
        if state not in (kind.value for kind in Kind):
            continue
        reading = spec.read_screen(golden.screen)
        key = (_version(name, golden), _dialog(golden))
        found.setdefault(key, Row()).add(reading.prompt, right=reading.state.value == state)
    return found


def _version(name: str, golden: Golden) -> str:
    beside = (SCREENS / name / f"{golden.name}.json").read_text(encoding="utf-8")
    return str(json.loads(beside).get("version", ""))


def _dialog(golden: Golden) -> str:
    tool = golden.expected.get("tool", "")
    state = str(golden.expected["state"])
    return f"{state}: {tool}" if tool else state


def _ways(prompt: Prompt) -> Iterator[tuple[str, str]]:
    rows = tuple(c.n for c in prompt.choices if c.checked is not None)[:2]
    tries = {
        "approve": Decision(Verdict.APPROVE),
        "deny": Decision(Verdict.DENY),
        "with a reason": Decision(Verdict.DENY, "why"),
        "always": Decision(Verdict.ALWAYS),
        "rows": Decision(Verdict.CHOOSE, numbers=rows or _answers(prompt)),
    }
    for column, decision in tries.items():
        try:
            yield column, _in_words(goal(prompt, decision), column)
        except Refused:
            yield column, _NOT


def _answers(prompt: Prompt) -> tuple[int, ...]:
    return tuple(c.n for c in prompt.choices if c.role is Role.ANSWER)[:1]


def _in_words(aim: Goal, column: str) -> str:
    reason = column == "with a reason"
    match aim:
        case Cancel():
            return "Esc, then as the next text" if reason else "Esc"
        case Pick(row):
            how = f"“{row.word}”, Enter" if row.word else "its row"
            return f"{how}, then as the next text" if reason else how
        case Write():
            return "in its own field"
        case Mark():
            return "several boxes"


def _joined(ways: Sequence[str]) -> str:
    """Where some screens of a dialog offer it and others do not, both are said."""
    offered = [way for way in ways if way != _NOT]
    if not offered:
        return _NOT
    return " / ".join(offered) + (", where offered" if _NOT in ways else "")
