"""What is run when a session is started."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.agent import AgentSpec
from bot.core.errors import Refused
from bot.core.hook_settings import settings_of

TEACHING = (
    "When you finish a task, need a person, fail or are blocked, say so in a line of its own: "
    "three colons, the word DONE, HELP, ERROR or BLOCKED, a colon, a short text, three colons. "
    "Progress: three colons, PROGRESS, a colon, a percentage, three colons."
)


@dataclass(frozen=True, slots=True)
class StartRequest:
    name: str
    directory: str
    agent: str = ""
    """Empty: the configured command."""
    permission_mode: str = ""
    tag: str = ""
    """What the agent shall mark its signals with; empty: nothing."""
    conversation: str = ""
    """The one to go on with, by the agent's own id; empty: a new one."""


@dataclass(frozen=True, slots=True)
class Launcher:
    agents: Mapping[str, AgentSpec]
    command: str
    """What runs when no agent is named, as one would type it."""
    hook: str = ""
    """What an agent shall run as its hook; empty: agents are started without."""
    tags: bool = False
    """Whether each agent gets a mark of its own for its signals."""

    def argv(self, request: StartRequest) -> tuple[str, ...]:
        """Raises Refused."""
        base = tuple(shlex.split(self.command))
        known = self.agents.get(request.agent or Path(base[0]).name)
        if request.agent and (known is None or not known.launch):
            able = ", ".join(sorted(a.id for a in self.agents.values() if a.launch))
            raise Refused(f"I can't start an agent '{request.agent}' (I can start: {able})")
        if request.agent and known is not None and Path(base[0]).name != request.agent:
            base = known.launch
        if known is None:
            return base
        mode = _with_mode(base, known, request.permission_mode)
        resumed = mode + _resuming(mode, known, request.conversation)
        return resumed + self._hooks(mode, known) + _teaching(known, request.tag)

    def resumes(self, agent: str, conversation: str) -> bool:
        """Whether that agent can go on with that conversation."""
        spec = self.agents.get(agent)
        return spec is not None and bool(spec.resume_flag) and _is_id(conversation)

    def _hooks(self, base: tuple[str, ...], spec: AgentSpec) -> tuple[str, ...]:
        """For this run only. Claude Code (2.1.329) takes one ``--settings``: a person's own stays,
        and it runs a hook once that stands in several settings."""
        setup = spec.hooks
        if not self.hook or setup is None or not setup.flag or _has(base, setup.flag):
            return ()
        return (setup.flag, json.dumps(settings_of(setup, self.hook)))


def _with_mode(base: tuple[str, ...], spec: AgentSpec, mode: str) -> tuple[str, ...]:
    """The mode is always said: an agent's own default may be to ask nobody."""
    flag = spec.permission_flag
    if not flag:
        return base
    if _has(base, flag) and not mode:
        return base
    if flag in base:
        cut = base.index(flag)
        base = base[:cut] + base[cut + 2 :]
    base = tuple(word for word in base if not word.startswith(f"{flag}="))
    return (*base, flag, mode or spec.default_mode)


def _resuming(base: tuple[str, ...], spec: AgentSpec, conversation: str) -> tuple[str, ...]:
    flag = spec.resume_flag
    if not flag or not _is_id(conversation) or _has(base, flag):
        return ()
    return (flag, conversation)


def _is_id(conversation: str) -> bool:
    """It comes from a hook: nothing that could be an option or a path."""
    return re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}", conversation, re.ASCII) is not None


def _has(words: tuple[str, ...], flag: str) -> bool:
    return any(word == flag or word.startswith(f"{flag}=") for word in words)


def _teaching(spec: AgentSpec, tag: str) -> tuple[str, ...]:
    if not spec.teach_flag:
        return ()
    mark = f"Right behind that word, before the colon, always write #{tag}: it is your mark."
    return (spec.teach_flag, f"{TEACHING} {mark}" if tag else TEACHING)
