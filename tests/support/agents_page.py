"""Every dialog of every agent and version: what is read, and what can be answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.commands.subjects import subjects
from bot.core.agent import AgentSpec
from bot.core.answering import goal
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.hooks import Allow, Answers, Asked, Deny, GrantKind, Reply, Suggestion
from bot.core.prompts import ANSWERABLE, Kind, Prompt, Role
from bot.core.trials import Way
from bot.registry import leaves
from tests.real_agents.proved import proved
from tests.support.screens import SCREENS, Golden, golden_screens

KEYS = ("approve", "deny", "with a reason", "always", "rows")
HEAD = ("agent", "version", "dialog", "read", *KEYS, "by hook")
PROVED_HEAD = ("agent", "version", "what was tried", "by keys", "by hook")
_NOT = "no"
_WHY = Deny("why")
_RULE = Suggestion(GrantKind.RULE, ("make",), "", "", "{}")
_REPLIES: Mapping[Kind, Mapping[str, Reply]] = {
    Kind.APPROVAL: {
        "allow": Allow(),
        "deny": Deny(stop=True),
        "with a reason": _WHY,
        "always, where the agent offers a rule": Allow((_RULE,)),
    },
    Kind.PLAN: {"allow": Allow(), "deny": Deny(stop=True), "with a reason": _WHY},
    Kind.QUESTION: {
        "rows, own words": Answers((("which?", "this"),)),
        "deny": Deny(stop=True),
        "with a reason": _WHY,
    },
}


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
            cells = [_joined(row.means.get(column, [_NOT])) for column in KEYS]
            hook = by_hook(name, version, dialog)
            yield (
                spec.title,
                version or "",
                dialog,
                f"{row.right} of {row.screens}",
                *cells,
                hook,
            )


def by_hook(agent: str, version: str, dialog: str) -> str:
    """What its hook can be told, for a kind of dialog that was answered so on that version."""
    spec: AgentSpec = leaves("bot.agents", "AGENT")[agent]
    kind = Kind(dialog.partition(":")[0])
    cases = {case.id: case for case in subjects()[agent].cases} if agent in subjects() else {}
    tried = proved().get(agent, {}).get(version, {}).get(Way.HOOK, [])
    if kind not in {cases[case].steps[0].kind for case in tried if case in cases}:
        return _NOT
    asked = Asked(kind, dialog.partition(": ")[2], "{}")
    return ", ".join(
        words for words, reply in _REPLIES[kind].items() if spec.answer_hook(asked, reply)
    )


def proved_rows() -> Iterator[Sequence[str]]:
    """Each dialog that was provoked on the real programs; a dash where a way was not tried."""
    specs: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
    for agent, versions in proved().items():
        titles = {"trust": "the folder, trusted"}
        titles |= {case.id: case.title for case in subjects()[agent].cases}
        for version, ways in versions.items():
            for case, title in titles.items():
                signs = ["proved" if case in ways.get(way, ()) else "—" for way in Way]
                if "proved" in signs:
                    yield (specs[agent].title, version, title, *signs)
            for title in subjects()[agent].not_covered:
                yield (specs[agent].title, version, title, "not tried", "not tried")


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
