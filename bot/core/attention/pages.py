"""What is told to whom, as far as the rules care, and what they say to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.core.attention.rules import Rules, Standing
from bot.core.notices import Notice, NoticeKind, Urgency


class Weight(IntEnum):
    APPROVAL = 0
    """Anything an agent waits for at a dialog."""
    FAILURE = 1
    HELP = 2
    DONE = 3
    CHATTER = 4


@dataclass(frozen=True, slots=True)
class Page:
    weight: Weight
    session: str
    code: str
    since: datetime
    """When the matter arose."""
    reminds: bool = False


_WEIGHTS = {Urgency.DONE: Weight.DONE, Urgency.PROGRESS: Weight.CHATTER}


def page_of(notice: Notice, urgency: Urgency, since: datetime) -> Page | None:
    """None for what no rule holds: answers to a person, and cards that are closed."""
    if notice.kind in (NoticeKind.REPLY, NoticeKind.CLOSED):
        return None
    if notice.kind in (NoticeKind.PROMPT, NoticeKind.REMINDER):
        reminds = notice.kind is NoticeKind.REMINDER
        return Page(Weight.APPROVAL, notice.session, notice.code, since, reminds)
    failed = notice.kind is NoticeKind.TROUBLE or notice.failure
    weight = Weight.FAILURE if failed else _WEIGHTS.get(urgency, Weight.HELP)
    return Page(weight, notice.session, notice.code, since)


@dataclass(frozen=True, slots=True)
class Recipient:
    channel: str
    address: str
    people: tuple[str, ...]
    """Principal ids of those who read there."""
    rings: bool = True
    """False for a phone that is just looked at: it shows everything at once."""
    costs: bool = False
    """Each message costs money."""
    rung: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One message that rang there."""

    at: datetime
    weight: Weight
    session: str
    topic: str


@dataclass(frozen=True, slots=True)
class Moment:
    now: datetime
    rules: Rules
    standing: Standing
    typed_at: datetime | None = None
    """When the last key came from somebody who looks at that pane."""
    recent: tuple[Told, ...] = ()
    """What rang there in the last ``WINDOW`` and is not settled."""
    digest_at: datetime | None = None
    """When that recipient had the last digest."""
    card_held: bool = False
    """The card that this reminds of has not been sent there yet."""
    card_at: datetime | None = None
    """When it was, if that is not long ago."""


class Action(StrEnum):
    SEND = "send"
    HOLD = "hold"
    FOLD = "fold"
    """Held, to be told together with others."""
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Ruling:
    action: Action
    rule: str
    """Its name; empty: no rule had anything against it."""
    reason: str = ""
    """For a person."""
    until: datetime | None = None
    """When a held one is looked at again."""
    silent: bool = False


FREE = Ruling(Action.SEND, "")
