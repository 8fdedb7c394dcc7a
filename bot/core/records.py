"""Rows of the ledger, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Inbound
from bot.core.fate import Fate
from bot.core.ids import Code, EventId, Fingerprint, PaneKey, PressId, PromptId, SessionName
from bot.core.notices import Notice, Urgency
from bot.core.prompts import Prompt


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """One appearance of one prompt on one pane. (pane, epoch) is unique."""

    id: PromptId
    code: Code
    session: SessionName
    pane: PaneKey
    epoch: int
    fingerprint: Fingerprint
    prompt: Prompt
    state: PromptState
    opened_at: datetime
    version: int = 0
    """Rises with each change; a change is made only to the version that was read."""
    decision: Decision | None = None
    decided_by: str = ""
    """Principal id, for comparing."""
    decided_name: str = ""
    """For people, with the channel it was decided on: ``Ann on Telegram``."""
    decided_at: datetime | None = None
    decided_event: EventId | None = None
    closed_at: datetime | None = None
    reason: str = ""
    """Why it was refused, or how it ended, in words for a person."""
    always_asked: str = ""
    """Principal id that has been shown, in words, what ``always`` grants."""
    remind_at: datetime | None = None
    """When a person is told again that it still waits."""
    reminded: int = 0
    call: str = ""
    """The call of a hook that told it, too; empty when nothing but the screen did."""
    shown: Prompt | None = None
    """The dialog as it stands on the screen, where ``prompt`` says more than that; with a
    ``call``: None while none does."""

    @property
    def on_screen(self) -> Prompt | None:
        """What a key may be pressed on."""
        return self.shown if self.call else self.shown or self.prompt

    @property
    def by_record(self) -> bool:
        """What is not in sight of it is from the agent's own record."""
        return self.shown is not None and not self.call


class PressState(StrEnum):
    INTENT = "intent"
    ATTEMPTING = "attempting"
    APPLIED = "applied"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PressRecord:
    """One key (or one text) of an answer. The id is also the marker in tmux."""

    id: PressId
    owner: str
    """Prompt id or text id."""
    step: int
    keys: str
    """For the log: which keys, in words. Never what a person typed."""
    pane: PaneKey
    deciding: bool
    """This key settles the prompt; moving a caret does not."""
    deadline: int
    state: PressState
    at: datetime
    reason: str = ""


class InboxState(StrEnum):
    NEW = "new"
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class InboxRecord:
    inbound: Inbound
    state: InboxState
    received_at: datetime
    outcome: str = ""


class Delivery(StrEnum):
    """What an outbox row may do when its outcome is not known."""

    MUST = "must"
    """Send again: twice is better than never."""
    LATEST = "latest"
    """Only the newest of its ``topic`` matters; an older one is dropped."""


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """A notice for one recipient. ``topic`` names the card it makes or changes, if it is one."""

    key: str
    """Unique: the same key is never queued twice."""
    channel: str
    address: str
    urgency: Urgency
    delivery: Delivery
    notice: Notice
    created_at: datetime
    due_at: datetime
    give_up_at: datetime
    topic: str = ""
    """``prompt:<id>`` for a prompt's card: a second notice of a topic edits the first message."""
    state: OutboxState = OutboxState.QUEUED
    attempts: int = 0
    """How often it was sent and may have arrived."""
    message: str = ""
    """The provider's reference once sent."""
    error: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A message that stands on somebody's phone and belongs to a topic."""

    topic: str
    channel: str
    address: str
    message: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider told of one message that it had taken."""

    channel: str
    message: str
    fate: Fate
    error: str
    """The provider's code, if it was lost."""
    at: datetime


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A notice for one recipient that a rule keeps back for now."""

    key: str
    """Of the outbox row it becomes."""
    channel: str
    address: str
    urgency: Urgency
    delivery: Delivery
    notice: Notice
    topic: str
    since: datetime
    """When the matter arose."""
    until: datetime
    """When it is looked at again."""
    rule: str
    reason: str
    fold: bool = False
    """To be told together with others."""


@dataclass(frozen=True, slots=True)
class RulingRecord:
    """Why something was not just sent, for one recipient."""

    at: datetime
    code: str
    session: str
    channel: str
    address: str
    what: str
    action: str
    rule: str
    reason: str
    until: datetime | None = None
    key: str = ""
    """Of the outbox row that it is about."""
    topic: str = ""
    title: str = ""
    """The beginning of the notice's title."""


class TextState(StrEnum):
    QUEUED = "queued"
    ATTEMPTING = "attempting"
    TYPED = "typed"
    """It stands in the input box, and Enter waits for a dialog that came up meanwhile."""
    DELIVERED = "delivered"
    """Sent, and the agent was seen to take it."""
    HANDED = "handed"
    """Sent, and the agent has queued it itself."""
    UNCONFIRMED = "unconfirmed"
    """It has left the input box, and nothing else says that the agent took it."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Whoever may send texts took it back while it waited."""


WAITING = frozenset({TextState.QUEUED, TextState.TYPED})
ON_ITS_WAY = WAITING | {TextState.ATTEMPTING}
"""States in which a text may still go in."""


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A text on its way to an agent. ``id`` is the inbound event: the same one goes in once."""

    id: EventId
    session: SessionName
    text: str
    principal: str
    channel: str
    address: str
    state: TextState
    queued_at: datetime
    expires_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was paired, and so may act like those on the channel's own list."""

    channel: str
    user: str
    """The provider's own id."""
    name: str
    """As the provider had it on that day; shown only."""
    address: str
    added_at: datetime

    @property
    def id(self) -> str:
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A word that makes a person of whoever sends it first."""

    hash: str
    """SHA-256; the code itself is nowhere but with the person it was made for."""
    channel: str
    made_at: datetime
    expires_at: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class AuditRecord:
    seq: int
    at: datetime
    actor: str
    event: str
    subject: str
    data: str
    previous: str
    hash: str
