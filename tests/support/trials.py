"""What every agent's cases have to be like, and what trials of them have found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.canary.script import Case
from bot.core.decisions import Verdict
from bot.core.prompts import Kind
from bot.core.trials import Finding, Installed, Trial, Way

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def trial(agent: str, version: str, *findings: Finding, at: str = "2026-11-21") -> Trial:
    """By the version of ours that the worlds of the tests say they are."""
    return Trial(agent, version, at, "test", findings)


def finding(
    verdict: Verdict, way: Way = Way.PANE, *, good: bool = False, kind: Kind = Kind.APPROVAL
) -> Finding:
    case, title = f"bash.{verdict.value}", f"a command, {verdict.value}"
    says = "" if good else "it ran"
    return Finding(case, title, kind.value, verdict.value, True, good, way, says)


@dataclass
class FakeTrials:
    """What is kept, what is installed, and what trying an agent out would find."""

    trials: list[Trial] = field(default_factory=list)
    now: dict[str, Installed] = field(default_factory=dict)
    would_find: dict[str, Trial] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)

    def installs(self, agent: str, version: str, since: datetime = LONG_AGO) -> None:
        self.now[agent] = Installed(agent, version, since)

    async def kept(self) -> tuple[Trial, ...]:
        return tuple(self.trials)

    async def installed(self, agents: Collection[str]) -> Mapping[str, Installed]:
        return {agent: now for agent, now in self.now.items() if agent in agents}

    async def try_out(self, agent: str) -> None:
        self.tried.append(agent)
        if (found := self.would_find.get(agent)) is not None:
            self.trials.append(found)


def prove_something(cases: Sequence[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert case.turns
        for step in case.steps:
            last = case.steps[-1]
            proof = step.makes or step.never or step.hears or step.unheard
            proof = proof or last.makes or last.hears
            assert proof, case.id
            assert step.shows, case.id
