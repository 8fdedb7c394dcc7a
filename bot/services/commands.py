"""What a command is, and what it gets to work with."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.decisions import Principal
from bot.core.ids import EventId
from bot.core.notices import Notice
from bot.core.records import PromptRecord
from bot.ports.clock import Clock
from bot.services.approvals import Approvals
from bot.services.looking import Eyes
from bot.services.prompting import Prompting
from bot.services.roster import Roster
from bot.services.sessions import SessionService
from bot.services.starting import Starting


class Completes(StrEnum):
    """What a command's first argument may be, for completion."""

    NOTHING = ""
    SESSION = "session"
    PROMPT = "prompt"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Gateway:
    """The services, for handlers."""

    approvals: Approvals
    sessions: SessionService
    starting: Starting
    prompting: Prompting
    roster: Roster
    eyes: Eyes
    clock: Clock
    version: str
    commands: Sequence[Command]


@dataclass(frozen=True, slots=True)
class Context:
    """One command on its way: who, what, and in answer to which card."""

    principal: Principal
    event: EventId
    command: str
    rest: str
    """The arguments as typed."""
    gateway: Gateway
    card: PromptRecord | None = None
    """The prompt whose card this message replies to."""


Run = Callable[[Context], Awaitable[Notice]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A plain sentence that means this command; ``{groups}`` of the pattern fill the template."""

    pattern: re.Pattern[str]
    template: str


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    summary: str
    usage: str
    run: Run
    aliases: tuple[str, ...] = ()
    completes: Completes = Completes.NOTHING
    phrases: tuple[Phrase, ...] = field(default=())
