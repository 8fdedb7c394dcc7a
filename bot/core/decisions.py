"""What a person decided, and who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import EventId


class Verdict(StrEnum):
    APPROVE = "approve"
    ALWAYS = "always"
    DENY = "deny"
    CHOOSE = "choose"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Decision:
    """``numbers`` are rows from 1 (CHOOSE); ``text`` is a reason (DENY) or an answer (ANSWER)."""

    verdict: Verdict
    text: str = ""
    numbers: tuple[int, ...] = ()
    confirmed: bool = False
    """The person has read what it grants beyond this one request, and said yes to that."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A person the gate has let in. Nothing but the gate makes one."""

    channel: str
    user: str
    """The provider's own id of the person, never a name that can be taken over."""
    name: str
    address: str
    """Where replies go: a chat id of that channel."""

    @property
    def id(self) -> str:
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file as its message describes it; ``Channel.fetch`` brings the content."""

    ref: str
    """The provider's handle."""
    name: str
    """As the sender called it: never a path of ours as it is."""
    size: int
    """In bytes, as far as the provider says; 0 when it does not."""
    mime: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message, tap or reply as a channel received it. ``event`` is the provider's own id."""

    channel: str
    event: EventId
    user: str
    name: str
    address: str
    text: str
    reply_to: str = ""
    """Message reference of the card this answers, empty if none."""
    tapped: bool = False
    """A button of ours rather than typed words."""
    thread: str = ""
    """The provider's thread (a forum topic) it was written in; empty for none."""
    session: str = ""
    """The session that thread belongs to, as far as the channel remembers one."""
    receipt: str = ""
    """The provider's handle by which a tap is acknowledged; empty where taps need none."""
    files: tuple[InboundFile, ...] = ()
    """Their caption is the ``text``."""
    looks_only: bool = False
    """From a place where decisions are switched off: it may ask, and change nothing."""
    sent_at: datetime | None = None
    """When it was written, as the provider says; None where it does not."""
