"""Our hooks in an agent's own settings: put in beside what is there, and taken out again.

The settings are JSON as Claude Code (2.1.329) reads them, and Codex (0.169.0) after it:
``{"hooks": {"Stop": [{"matcher": "*", "hooks": [{"type": "command", "command": "…"}]}]}}``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from bot.core.errors import Refused

PROGRAM = "wingman-hook"
"""Stands in each of our commands, whichever version wrote it: that is how we know them."""

Json = dict[str, Any]


class Scope(StrEnum):
    USER = "user"
    """All projects of this user."""
    PROJECT = "project"
    """This directory, for everybody who has the repository."""
    LOCAL = "local"
    """This directory, for this user."""


@dataclass(frozen=True, slots=True)
class HookSetup:
    """Where an agent looks for hooks, and which of its events we want to hear of."""

    files: Mapping[Scope, str]
    """Below the home directory for the user's scope, else below the project."""
    events: Mapping[str, int]
    """Event to the seconds after which the agent gives up on the hook."""
    flag: str = ""
    """The option that takes such settings for one run, e.g. ``--settings``."""
    note: str = ""
    """What a person still has to do, if anything."""
    before_dialog: bool = False
    """The agent shows its dialog only after the hook, and none when the hook has answered."""


class Fit(StrEnum):
    INSTALLED = "installed"
    OTHER = "outdated"
    """Ours, but not as this installation would write it."""
    MISSING = "missing"


def settings_of(setup: HookSetup, command: str) -> Json:
    """Only our hooks, as a whole document."""
    return {"hooks": {event: [_entry(command, within)] for event, within in setup.events.items()}}


def installed(document: Json, setup: HookSetup, command: str) -> Json:
    """The document with our hooks as they should be, everything else as it was. Raises Refused
    for one that the agent could not read either."""
    changed = removed(document)
    hooks = changed.setdefault("hooks", {})
    for event, within in setup.events.items():
        hooks.setdefault(event, []).append(_entry(command, within))
    return changed


def removed(document: Json) -> Json:
    """The document without any hook of ours; what only held those goes with them."""
    changed = copy.deepcopy(document)
    hooks = _hooks_of(changed)
    for event in list(hooks):
        groups = [_without_ours(group) for group in _groups_of(hooks, event)]
        kept = [group for group in groups if group is not None]
        if kept or not groups:
            hooks[event] = kept
        else:
            del hooks[event]
    if not hooks and _hooks_of(document):
        del changed["hooks"]
    return changed


def fits(document: Json, setup: HookSetup, command: str) -> dict[str, Fit]:
    """Event by event, also for events that only an older version of ours asked for."""
    hooks = _hooks_of(document)
    found: dict[str, Fit] = {}
    for event, within in setup.events.items():
        ours = [group for group in _groups_of(hooks, event) if _is_ours(group)]
        exact = ours == [_entry(command, within)]
        found[event] = Fit.INSTALLED if exact else Fit.OTHER if ours else Fit.MISSING
    for event in hooks:
        if event not in found and any(_is_ours(group) for group in _groups_of(hooks, event)):
            found[event] = Fit.OTHER
    return found


def _entry(command: str, within: int) -> Json:
    return {"matcher": "*", "hooks": [{"type": "command", "command": command, "timeout": within}]}


def _hooks_of(document: Json) -> Json:
    hooks = document.get("hooks", {})
    if not isinstance(hooks, dict):
        raise Refused('"hooks" is no JSON object there')
    return cast("Json", hooks)


def _groups_of(hooks: Json, event: str) -> list[Json]:
    groups = hooks.get(event, [])
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise Refused(f'"hooks" → "{event}" is no list of JSON objects there')
    return cast("list[Json]", groups)


def _commands_of(group: Json) -> Iterator[tuple[Any, str]]:
    hooks = group.get("hooks", [])
    for hook in hooks if isinstance(hooks, list) else []:
        yield hook, str(hook.get("command", "")) if isinstance(hook, dict) else ""


def _is_ours(group: Json) -> bool:
    return any(PROGRAM in command for _, command in _commands_of(group))


def _without_ours(group: Json) -> Json | None:
    """None: it held nothing else."""
    if not _is_ours(group):
        return group
    kept = [hook for hook, command in _commands_of(group) if PROGRAM not in command]
    return {**group, "hooks": kept} if kept else None
