"""Which agent drew a screen, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.core.agent import AgentSpec, Reading, State
from bot.core.errors import NotFound
from bot.core.forms import raw
from bot.core.programs import SHELLS, VIEWERS
from bot.core.prompts import Kind
from bot.core.screen import Screen

AUTO = "auto"

Broken = Callable[[str, Exception], None]


class Reader:
    """Reads screens with the agents it knows: ``reader(screen)``.

    An agent without process names stands in for every program that no other agent answers for.
    """

    def __init__(self, agents: Sequence[AgentSpec], broken: Broken | None = None) -> None:
        """``broken``: told when an agent's own code fails on a screen, with its id. Such a screen
        is one that nobody can read, and the other sessions are looked after as ever; without it
        the error goes on."""
        self._broken = broken
        self._known = tuple(spec for spec in agents if spec.processes)
        self._others = next((spec for spec in agents if not spec.processes), None)
        self._by_id = {spec.id: spec for spec in agents}

    def __call__(self, screen: Screen, agent: str = AUTO) -> Reading:
        """Raises NotFound for an agent of an unknown name."""
        spec = self.choose(screen) if agent in ("", AUTO) else self._named(agent)
        if spec is None:
            return Reading("", State.NONE)
        try:
            return spec.read_screen(screen)
        except Exception as error:
            if self._broken is None:
                raise
            self._broken(spec.id, error)
            # the same for each such screen: it is told of once
            return Reading(spec.id, State.UNREADABLE, raw(spec.id, Kind.UNREADABLE, (), None))

    def choose(self, screen: Screen) -> AgentSpec | None:
        """The program in the foreground decides; where that is not known, the screen's look."""
        command = screen.pane.command
        named = [spec for spec in self._known if command in spec.processes]
        titled = [spec for spec in named if _has_title(spec, screen.pane.title)]
        if len(named) == 1 or len(titled) == 1:
            return (titled or named)[0]
        candidates = named or self._hidden(screen) if command else self._known
        claiming = (spec for spec in candidates if self._claims(spec, screen))
        return next(claiming, self._others)

    def _claims(self, spec: AgentSpec, screen: Screen) -> bool:
        try:
            return spec.claims(screen)
        except Exception as error:
            if self._broken is None:
                raise
            self._broken(spec.id, error)
            return False

    def _hidden(self, screen: Screen) -> list[AgentSpec]:
        pane = screen.pane
        return [spec for spec in self._known if may_run(spec, pane.command, pane.title)]

    def _named(self, agent: str) -> AgentSpec:
        if agent not in self._by_id:
            known = ", ".join(sorted(self._by_id))
            raise NotFound(f"there is no agent “{agent}”: {AUTO}, {known}")
        return self._by_id[agent]


def _has_title(spec: AgentSpec, title: str) -> bool:
    return bool(spec.titles) and re.fullmatch(spec.titles, title) is not None


def may_run(spec: AgentSpec, command: str, title: str) -> bool:
    """Whether that agent may be what runs as ``command`` under such a title."""
    if command in SHELLS | VIEWERS:
        return False
    told = ((spec.hosts, command), (spec.titles, title))
    hidden = any(pattern and re.fullmatch(pattern, text) for pattern, text in told)
    return hidden or command in spec.processes
