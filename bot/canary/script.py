"""What the scripted model asks for, and what proves that the answer was the right one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.decisions import Verdict
from bot.core.prompts import Kind
from bot.core.trials import Way

ASIDE = "A check of Wingman's"
"""What the model answers when it is asked for a title or a summary."""


@dataclass(frozen=True, slots=True)
class Call:
    """The model wants to use a tool of the agent's."""

    tool: str
    input: Mapping[str, Any]


KEYS = frozenset({Way.PANE})
EITHER = frozenset(Way)
"""By keys, and by a hook where one is there."""

Turn = tuple[str | Call, ...]
"""One answer of the model: what it says, and the tools it calls."""


@dataclass(frozen=True, slots=True)
class Step:
    """One dialog: how it must read, what the person decides, and what proves it."""

    kind: Kind
    shows: str
    """Has to stand on the card, else the person would decide blindly."""
    decision: Mapping[str, Any]
    """As ``POST /api/prompts/{code}/decision`` takes it."""
    makes: str = ""
    """A file in the project that is there afterwards, and was not before."""
    never: str = ""
    """A file that must not be there afterwards."""
    hears: str = ""
    """What the model must be told."""
    unheard: str = ""
    """What the model must never be told."""
    looks: str = ""
    """The label of a row that is out of sight until all rows have been asked for."""

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.decision.get("decision", Verdict.CHOOSE))


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to try. ``turns`` are the model's answers, one after the other."""

    id: str
    """``bash.approve``: the dialog, and what is tried on it."""
    title: str
    turns: tuple[Turn, ...]
    steps: tuple[Step, ...]
    first: str = ""
    """What the person says before: a command of the agent's own, which the model never sees."""
    mode: str = ""
    """The permission mode it needs; empty: the agent's default."""
    then: str = ""
    """A file that is made without any further question."""
    ways: frozenset[Way] = KEYS
    """In which ways it can be answered: by keys, and where the agent's hook takes it, by that."""


@dataclass(slots=True)
class Script:
    """Answers by the last message that names a case; remembers what the model was told."""

    cases: Sequence[Case]
    names: dict[str, str] = field(default_factory=dict)
    """What stands for ``{project}`` and the like in the inputs of tools."""
    heard: list[str] = field(default_factory=list)

    def turn(self, said: str, answers: int) -> Turn:
        """``said``: the person's last words; ``answers``: how often the model answered since."""
        found = _CASE.search(said)
        turns = next((c.turns for c in self.cases if found and c.id == found[1]), ())
        turn = turns[answers] if answers < len(turns) else ("Done.",)
        return tuple(part if isinstance(part, str) else self._filled(part) for part in turn)

    def _filled(self, call: Call) -> Call:
        filled = {
            key: value.format(**self.names) if isinstance(value, str) and "{" in value else value
            for key, value in call.input.items()
        }
        return Call(call.tool, filled)

    def hears(self, text: str) -> None:
        self.heard.append(text)

    def has_heard(self, words: str) -> bool:
        return any(words in text for text in self.heard)


def request_of(case: Case) -> str:
    """What the person tells the agent, so that the model plays that case."""
    return f"case:{case.id} please"


_CASE = re.compile(r"case:([a-z.]+)")
