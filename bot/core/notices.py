"""What to say, as data: a channel renders it by its own abilities."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


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
    PROGRESS = "progress"
    """How far a task is: one message, changed where it stands; silent."""
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


MOST_ATTACHED = 4 * 1024 * 1024
"""Bytes of one file: it is stored with its notice until that is forgotten."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a notice; ``name`` is a plain word with an ending."""

    name: str
    mime: str
    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.data) > MOST_ATTACHED:
            raise ValueError(f"{self.name} is too big to be attached: {len(self.data)} bytes")

    @property
    def is_picture(self) -> bool:
        """What every screen can show as it is. An SVG may hold scripts, and is none."""
        return self.mime == "image/png" and self.data.startswith(PNG_SIGNATURE)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a picture (PNG, IHDR: the first chunk); zeros for anything else."""
        if not self.is_picture:
            return 0, 0
        width, height = self.data[16:20], self.data[20:24]
        return int.from_bytes(width), int.from_bytes(height)


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
    attachments: tuple[Attachment, ...] = ()
    live: bool = False
    """A reply that is kept up to date for a while, where messages can be edited."""
    answers: str = ""
    """The provider's reference of the message that this is the reply to."""
    failure: bool = False
    """Something went wrong that a person should know of at once."""


def plainly(notice: Notice, why: str) -> Notice:
    """The same words, and nothing that a provider may dislike; the footer says how to answer."""
    said = (Part(part.text) for part in notice.parts)
    return replace(
        notice,
        parts=(*said, Part(f"Without buttons and files: {why}")),
        buttons=(),
        attach="",
        attachments=(),
    )
