"""``wingman hook``: our hooks in the agents' own settings."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.hook_command import hook_command
from bot.app import agents
from bot.commands.acting import socket_of
from bot.commands.client import listens
from bot.commands.jsonfile import JsonFile
from bot.commands.program import program
from bot.core.errors import Refused, WingmanError
from bot.core.hook_settings import Fit, HookSetup, Scope, fits, installed, removed
from bot.settings import Settings

KEPT = "hook-settings"
"""In the state directory: what the agents' settings were before."""


@dataclass(frozen=True, slots=True)
class Place:
    """One file of one agent."""

    title: str
    agent: str
    scope: Scope
    setup: HookSetup
    path: Path
    file: JsonFile
    command: str

    @property
    def cure(self) -> str:
        return f"{program()} hook install --agent {self.agent} --scope {self.scope}"

    def found(self) -> dict[str, Fit]:
        try:
            return fits(self.file.read(), self.setup, self.command)
        except Refused as refusal:
            raise WingmanError(f"{self.path}: {refusal}") from None


def install(settings: Settings, agent: str, scope: Scope) -> int:
    place = _place(settings, agent, scope)
    changed = place.file.change(lambda document: installed(document, place.setup, place.command))
    told = "now has" if changed else "has already"
    _say(f"✓ {place.path} {told} Wingman's hooks ({', '.join(place.setup.events)})")
    if changed:
        _say(f"  {place.title} reads them when its next session starts.")
    if place.setup.note:
        _say(f"  {place.setup.note}")
    return 0


def uninstall(settings: Settings, agent: str, scope: Scope) -> int:
    place = _place(settings, agent, scope)
    changed = place.file.undo(removed)
    _say(f"✓ {place.path} {'no longer has' if changed else 'has none of'} Wingman's hooks")
    return 0


def status(settings: Settings, agent: str | None, *, as_json: bool) -> int:
    """Exit 1 when some are ours but not as they should be; none at all is fine: sessions that
    Wingman starts bring theirs along."""
    chosen = [place for place in places(settings) if agent in (None, place.agent)]
    if not chosen:
        raise _unable(settings, agent or "")
    listening = listens(socket_of(settings))
    if as_json:
        document = {"gateway": listening, "files": [_document(place) for place in chosen]}
        _say(json.dumps(document, ensure_ascii=False))
    else:
        _say(_table(chosen, gateway=listening))
    return 1 if any(summary(place.found()) is Fit.OTHER for place in chosen) else 0


def places(settings: Settings) -> Iterator[Place]:
    command = hook_command(settings.state_dir)
    for spec in agents().values():
        for scope, name in spec.hooks.files.items() if spec.hooks else ():
            path = (Path.home() if scope is Scope.USER else Path.cwd()) / name
            file = JsonFile(path, settings.state_dir / KEPT)
            assert spec.hooks is not None
            yield Place(spec.title, spec.id, scope, spec.hooks, path, file, command)


def _place(settings: Settings, agent: str, scope: Scope) -> Place:
    of_agent = [place for place in places(settings) if place.agent == agent]
    for place in of_agent:
        if place.scope is scope:
            return place
    if of_agent:
        able = ", ".join(place.scope for place in of_agent)
        raise WingmanError(f"{of_agent[0].title} has no hooks of scope {scope}, only: {able}")
    raise _unable(settings, agent)


def _unable(settings: Settings, agent: str) -> WingmanError:
    able = ", ".join(sorted({place.agent for place in places(settings)}))
    return WingmanError(f"'{agent}' has no hooks that Wingman knows; these have: {able}")


def _document(place: Place) -> dict[str, Any]:
    found = place.found()
    return {
        "agent": place.agent,
        "scope": place.scope.value,
        "file": str(place.path),
        "state": summary(found).value,
        "events": {event: fit.value for event, fit in found.items()},
    }


def summary(found: dict[str, Fit]) -> Fit:
    """Of one file: some of them missing is as bad as an old one."""
    kinds = set(found.values())
    return kinds.pop() if len(kinds) == 1 else Fit.OTHER


def _table(places: list[Place], *, gateway: bool) -> str:
    lines = []
    for place in places:
        fit = summary(place.found())
        sign = {Fit.INSTALLED: "✓", Fit.MISSING: "·", Fit.OTHER: "✗"}[fit]
        lines.append(f"{sign} {place.agent} {place.scope}: {fit}  {place.path}")
        if fit is Fit.OTHER:
            lines.append(f"    to renew them: {place.cure}")
    lines.append("✓ a gateway listens" if gateway else "· no gateway runs now: hooks do nothing")
    lines.append(
        "Sessions that Wingman starts bring their hooks along; no file is needed for them."
    )
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
