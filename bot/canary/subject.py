"""What is needed to try one agent type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from bot.canary.script import Case, Script
from bot.core.trials import Way


@dataclass(frozen=True, slots=True)
class Place:
    """Everything of the trial is below one folder that goes afterwards."""

    home: Path
    project: Path
    outside: Path
    """A folder that is not the project's; what lies in it is asked for."""
    port: int
    """Of the scripted model on 127.0.0.1."""


@dataclass(frozen=True, slots=True)
class Subject:
    agent: str
    """Agent id."""
    cases: tuple[Case, ...]
    model: Callable[[Script], ASGIApp]
    seed: Callable[[Place], None]
    """Writes what the agent wants to find in its home and the project."""
    environment: Callable[[Place], Mapping[str, str]]
    """Beside HOME, PATH and TERM, all that it gets: no key and no setting of the user's."""
    flags: tuple[str, ...] = ()
    asks_trust: bool = True
    """Whether it asks for the folder's trust when it is new to it."""
    hooked_flags: tuple[str, ...] = ()
    """More of them, for a trial with hooks."""
    not_covered: tuple[str, ...] = ()
    """Dialogs of its that a scripted model cannot provoke, or not prove; each in words."""

    def cases_by(self, way: Way) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if way in case.ways)
