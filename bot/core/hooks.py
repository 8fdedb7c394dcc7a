"""What an agent tells by itself, in words that are no agent's own: events, and replies to them.

An agent's file makes these of what its hooks get (``AgentSpec.read_hook``) and turns a reply into
what its hook has to print (``AgentSpec.answer_hook``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.core.prompts import Kind

Json = dict[str, Any]


class GrantKind(StrEnum):
    RULE = "rule"
    """Calls that match a pattern are not asked about any more."""
    DIRECTORY = "directory"
    MODE = "mode"
    """Another permission mode."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A grant that the agent offers together with a yes."""

    kind: GrantKind
    contents: tuple[str, ...]
    """The patterns, directories or the mode, as the agent writes them."""
    words: str
    """What is granted, for a person to read."""
    where: str
    """How far it reaches, and where it is kept."""
    plain: str
    """The agent's own JSON of it: handed back as it came."""


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    header: str = ""
    options: tuple[Option, ...] = ()
    several: bool = False
    """More than one option may be chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The agent wants leave, an answer or a yes to its plan, and waits for the hook's reply."""

    kind: Kind
    tool: str
    arguments: str
    """Of the tool, exactly: canonical JSON."""
    subject: str = ""
    """What it is about, whole: the command, the path, the address, the question."""
    body: tuple[str, ...] = ()
    """Everything a person should read before deciding; no less than the agent's dialog shows."""
    suggestions: tuple[Suggestion, ...] = ()
    questions: tuple[Question, ...] = ()
    plan: str = ""
    subagent: str = ""
    """Its kind, if one of the agent's helpers asks."""
    call: str = ""
    """Which open call of a hook this is; the gateway numbers them."""


@dataclass(frozen=True, slots=True)
class ToolEnded:
    """A tool ran: whoever allowed it, that question is over."""

    tool: str
    arguments: str
    """Canonical JSON, as in ``Asked``."""
    failed: bool = False
    output: str = ""
    """The end of what it printed, as far as the agent says."""


class Notified(StrEnum):
    """What an agent notifies its own user of."""

    PERMISSION = "permission"
    """A dialog has been open for some seconds."""
    IDLE = "idle"
    """Nobody has said anything to it for a while."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notification:
    about: Notified
    text: str


@dataclass(frozen=True, slots=True)
class PromptSubmitted:
    """A person, or a background task of the agent, said something to it."""

    text: str
    by_person: bool = True


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """It rests. ``last_message`` is the last thing it said, whole."""

    last_message: str = ""
    error: str = ""
    """Why the turn broke off, if it did: the provider's or the agent's words."""


@dataclass(frozen=True, slots=True)
class SubagentEnded:
    subagent: str


class Began(StrEnum):
    STARTUP = "startup"
    RESUME = "resume"
    CLEAR = "clear"
    COMPACT = "compact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SessionBegan:
    source: Began
    model: str = ""


@dataclass(frozen=True, slots=True)
class SessionFinished:
    """``/clear`` ends one, too, and begins the next in the same process."""

    reason: str


HookEvent = (
    Asked
    | ToolEnded
    | Notification
    | PromptSubmitted
    | TurnEnded
    | SubagentEnded
    | SessionBegan
    | SessionFinished
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and the conversation it is of. The pane says whose; this says which one."""

    event: HookEvent
    conversation: str = ""
    """The agent's own id of it: changes with ``/clear`` and forks."""
    transcript: str = ""
    """Path of the file that the agent keeps of it."""
    subagent: str = ""
    """Its kind, if it was one of the agent's helpers."""


@dataclass(frozen=True, slots=True)
class Allow:
    """``grants``: suggestions of the agent's own that go with the yes."""

    grants: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Deny:
    """``message`` goes to the model; ``stop`` ends the turn, as Escape does."""

    message: str = ""
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """One text for each question: a label, labels with commas between them, or own words."""

    by_question: tuple[tuple[str, str], ...]


Reply = Allow | Deny | Answers


def canonical_json(value: object) -> str:
    """The same text for the same value, whatever the order its keys came in."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def arguments_of(asked: Asked) -> Json:
    found = json.loads(asked.arguments)
    return found if isinstance(found, dict) else {}


def text_in(given: Mapping[str, Any], name: str) -> str:
    """A field that should be text; empty when it is missing or something else."""
    value = given.get(name)
    return value if isinstance(value, str) else ""
