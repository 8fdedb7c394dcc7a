"""What to say, as data: a channel renders it by its own abilities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Urgency(IntEnum):
    """Order in the outbox: a smaller number overtakes."""

    APPROVAL = 0
    HELP = 1
    DONE = 2
    PROGRESS = 3


class NoticeKind(StrEnum):
    PROMPT = "prompt"
    CLOSED = "closed"
    """A prompt's card after it was settled."""
    REPLY = "reply"
    SIGNAL = "signal"
    STATE = "state"
    REMINDER = "reminder"
    TROUBLE = "trouble"
    """Something did not work; as the reply to a command: it was refused or failed."""


class PartStyle(StrEnum):
    TEXT = "text"
    CODE = "code"
    DIFF = "diff"
    QUOTE = "quote"
    """An agent's own words."""
    TABLE = "table"


class ButtonStyle(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    style: PartStyle = PartStyle.TEXT


@dataclass(frozen=True, slots=True)
class Button:
    """A tap sends ``command`` as if it had been typed."""

    label: str
    command: str
    style: ButtonStyle = ButtonStyle.PLAIN


@dataclass(frozen=True, slots=True)
class Notice:
    """``footer`` is shown only where there are no buttons."""

    kind: NoticeKind
    title: str
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""
    session: str = ""
    code: str = ""
    silent: bool = False
    attach: str = ""
    """What to type at the machine to look at the session; phones offer it for copying."""
