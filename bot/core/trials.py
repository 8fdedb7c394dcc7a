"""What trying an installed agent on a scripted model has proved, and what it has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.decisions import Verdict
from bot.core.prompts import Kind


class Way(StrEnum):
    """How an answer goes to an agent. One is no proof of the other."""

    PANE = "pane"
    """By keys."""
    HOOK = "hook"


_BY = {Way.PANE: "by keys", Way.HOOK: "by hook"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One case of one trial."""

    case: str
    title: str
    kind: str
    """Of the prompt that it was about; empty when it never came to one."""
    verdict: str
    """What was decided on it."""
    recognised: bool
    """The card showed everything that the person had to know, as the right kind of prompt."""
    proved: bool
    """What was decided is what happened, and nothing else."""
    by: str
    """The ``Way`` that the answer was to go, and went if it is proved."""
    says: str = ""
    """What went wrong; empty when nothing did."""

    @property
    def good(self) -> bool:
        return self.recognised and self.proved

    @property
    def how(self) -> str:
        """In which way, in words for a person."""
        return _BY[Way(self.by)]

    @property
    def wrong(self) -> str:
        """In words for a person, of one that is not good."""
        return f"{'answered wrongly' if self.recognised else 'not understood'}: {self.says}"


@dataclass(frozen=True, slots=True)
class Trial:
    agent: str
    version: str
    """Of the agent."""
    at: str
    """ISO 8601."""
    wingman: str
    """The version of ours that tried it."""
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.good)

    @property
    def proved(self) -> str:
        """Each way for itself: one proves nothing of the other. A start is no answer."""
        told = []
        for way, words in _BY.items():
            of = [finding for finding in self.findings if finding.by == way and finding.kind]
            good = sum(finding.good for finding in of)
            told.append(f"{good} of {len(of)} {words}" if of else f"none {words}")
        return ", ".join(told)


def trial_of(trials: Iterable[Trial], agent: str, version: str) -> Trial | None:
    return next((t for t in trials if (t.agent, t.version) == (agent, version)), None)


@dataclass(frozen=True, slots=True)
class Installed:
    """An agent's program as it is now."""

    agent: str
    version: str
    since: datetime
    """What was started before may run an older one."""


@dataclass(frozen=True, slots=True)
class Untried:
    """What is installed now has not been tried, though its agent was once."""

    agent: str
    tried: str
    """The version that was tried last."""
    installed: str


def untried(
    trials: Iterable[Trial], installed: Mapping[str, Installed], wingman: str
) -> tuple[Untried, ...]:
    """Also what another version of ours tried: it may read and answer otherwise."""
    last: dict[str, Trial] = {}
    done = set()
    for trial in sorted(trials, key=lambda trial: trial.at):
        last[trial.agent] = trial
        done.add((trial.agent, trial.version, trial.wingman))
    return tuple(
        Untried(agent, last[agent].version, now.version)
        for agent, now in installed.items()
        if agent in last and (agent, now.version, wingman) not in done
    )


_Answer = tuple[str, Kind, Verdict, Way]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Answers that went wrong when they were tried: they are not given."""

    wrong: Mapping[_Answer, frozenset[str]]
    """To the versions of the agent."""
    installed: Mapping[str, Installed]
    """Agent id to what is known of it; an agent that is not in it may be of any version."""

    @classmethod
    def of(cls, trials: Iterable[Trial], installed: Mapping[str, Installed]) -> Doubts:
        """A dialog that was not recognised gets no answer anyway, and one that did not come in
        time says nothing of answers."""
        wrong: dict[_Answer, frozenset[str]] = {}
        for trial in trials:
            for one in trial.failed:
                if one.kind and one.recognised:
                    answer = (trial.agent, Kind(one.kind), Verdict(one.verdict), Way(one.by))
                    wrong[answer] = wrong.get(answer, frozenset()) | {trial.version}
        return cls(wrong, installed)

    def about(
        self, agent: str, begun: datetime | None, kind: Kind, verdict: Verdict, way: Way
    ) -> str:
        """Why such an answer is not given, in words for a person; empty when it may be.

        ``begun``: when its session did, as far as known. One that is older than what is installed
        runs none knows which version: then a doubt about any of them holds."""
        versions = self.wrong.get((agent, kind, verdict, way), frozenset())
        now = self.installed.get(agent)
        if now is not None and begun is not None and begun >= now.since:
            versions &= {now.version}
        if not versions:
            return ""
        return (
            f"on {agent} {' and '.join(sorted(versions))} this answer went wrong when it was "
            "tried (wingman doctor --deep): answer at the terminal"
        )


NO_DOUBTS = Doubts({}, {})
