"""What a command is, and what it gets to work with."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.decisions import InboundFile, Principal
from bot.core.errors import WingmanError
from bot.core.ids import EventId
from bot.core.notices import Notice
from bot.core.records import PromptRecord
from bot.ports.clock import Clock
from bot.ports.painter import Painter
from bot.ports.workspace import Workspace
from bot.services.approvals import Approvals
from bot.services.files import FileDesk
from bot.services.looking import Eyes
from bot.services.prompting import Prompting
from bot.services.roster import Roster
from bot.services.sessions import SessionService
from bot.services.starting import Starting
from bot.services.steering import Steering

LATER = {
    "lock": "stop the gateway at the machine: no key is sent without it",
    "unlock": "there is no lock",
}
"""Words of the interface that have no handler yet, each with what there is instead."""


class AskBack(WingmanError):
    """What was said fits several things: the reply is a question, and nothing was done."""

    def __init__(self, question: Notice) -> None:
        super().__init__(question.title)
        self.question = question


class Completes(StrEnum):
    """What a command's first argument may be, for completion."""

    NOTHING = ""
    SESSION = "session"
    PROMPT = "prompt"
    COMMAND = "command"


class Group(StrEnum):
    """What a command is for: the headings of ``help``, in this order."""

    DECIDE = "🔒 Decide"
    LOOK = "👀 Look"
    WORK = "💬 Give work"
    TOLD = "🔔 Be told more or less"
    MORE = "⚙️ More"


@dataclass(frozen=True, slots=True)
class Gateway:
    """The services, for handlers."""

    approvals: Approvals
    sessions: SessionService
    starting: Starting
    prompting: Prompting
    roster: Roster
    eyes: Eyes
    steering: Steering
    files: FileDesk
    painter: Painter
    workspace: Workspace
    clock: Clock
    version: str
    commands: Sequence[Command]
    tips: Mapping[str, str]
    """What is good to know on a channel, by its id."""
    standing: Callable[[], Sequence[str]] = tuple
    """How things stand on the channels, a line each."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a message was written, and what came with it."""

    card: PromptRecord | None = None
    """The prompt whose card it replies to, open or settled."""
    session: str = ""
    """The session it is about, because of the message it replies to or the thread it is in."""
    replied: bool = False
    """To a message about the session, rather than just in its thread."""
    tapped: bool = False
    """On a button, whose words are a whole command."""
    files: tuple[InboundFile, ...] = ()
    event: str = ""
    """The provider's own id of the message."""
    looks_only: bool = False
    sent_at: datetime | None = None
    """When it was written, as far as the provider says."""


NOWHERE = Occasion()


@dataclass(frozen=True, slots=True)
class Context:
    """One command on its way: who, what, and on which occasion."""

    principal: Principal
    event: EventId
    command: str
    rest: str
    """The arguments as typed."""
    gateway: Gateway
    occasion: Occasion = NOWHERE

    @property
    def card(self) -> PromptRecord | None:
        return self.occasion.card

    @property
    def session(self) -> str:
        """The one that is meant when none is named."""
        return self.occasion.session

    @property
    def sent_at(self) -> datetime | None:
        return self.occasion.sent_at


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
    group: Group = Group.MORE
    rank: int = 9
    """Its place under that heading: what is used most has 1."""
    completes: Completes = Completes.NOTHING
    looks: bool = False
    """Changes nothing: it may be said where decisions are switched off."""
    takes_files: bool = False
    phrases: tuple[Phrase, ...] = field(default=())
