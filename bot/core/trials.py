"""What trying an installed agent on a scripted model has proved, and what it has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.decisions import Verdict
from bot.core.prompts import Kind


class Way(StrEnum):
    """How an answer goes to an agent. One is no proof of the other."""

    PANE = "pane"
    """By keys."""
    HOOK = "hook"


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


@dataclass(frozen=True, slots=True)
class Untried:
    """Another version than the one that was tried is installed now."""

    agent: str
    tried: str
    installed: str


@dataclass(frozen=True, slots=True)
class Doubts:
    """Answers that were tried on the installed version and went wrong: they are not given."""

    wrong: Mapping[tuple[str, Kind, Verdict, Way], str]
    """To the version of the agent."""

    @classmethod
    def of(cls, trials: Iterable[Trial]) -> Doubts:
        """``trials`` of the versions that are installed now. A dialog that was not recognised
        gets no answer anyway, and one that did not come in time says nothing of answers."""
        return cls(
            {
                (
                    trial.agent,
                    Kind(finding.kind),
                    Verdict(finding.verdict),
                    Way(finding.by),
                ): trial.version
                for trial in trials
                for finding in trial.failed
                if finding.kind and finding.recognised
            }
        )

    def about(self, agent: str, kind: Kind, verdict: Verdict, way: Way) -> str:
        """Why such an answer is not given, in words for a person; empty when it may be."""
        version = self.wrong.get((agent, kind, verdict, way))
        if version is None:
            return ""
        return (
            f"on {agent} {version} this answer went wrong when it was tried "
            "(wingman doctor --deep): answer at the terminal"
        )


NO_DOUBTS = Doubts({})
