"""Everything Twilio and WhatsApp know of one account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.ports.clock import Clock
from tests.support.twilioapi.contents import Content
from tests.support.twilioapi.errors import not_found
from tests.support.twilioapi.messages import PREFIX, Media, Message

WINDOW = timedelta(hours=24)
SANDBOX_LASTS = timedelta(days=3)
SANDBOX = "whatsapp:+14155238886"


@dataclass(eq=False)
class Contact:
    """A person as the account knows them."""

    number: str
    name: str
    external: str = ""
    """``US.1349…``: what is known of somebody who keeps the number to himself."""
    hides_number: bool = False
    wrote: datetime | None = None
    joined: datetime | None = None
    online: bool = True
    reads_at_once: bool = False
    refused: int = 0
    """The error that every message to them ends with; 0 for none."""
    typing: list[str] = field(default_factory=list)
    """Messages of theirs that an answer was shown to be on its way to."""

    @property
    def address(self) -> str:
        return PREFIX + (self.external if self.hides_number else self.number)


@dataclass
class World:
    clock: Clock
    account: str
    token: str
    sender: str
    ahead: timedelta = timedelta()
    """How much later it is at Twilio than by the clock."""
    list_delay: timedelta = timedelta()
    """So long a new message is not in the list."""
    closed: bool = False
    """The account: no token is taken any more."""
    people: dict[str, Contact] = field(default_factory=dict)
    """By number."""
    messages: list[Message] = field(default_factory=list)
    contents: dict[str, Content] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def now(self) -> datetime:
        """In whole seconds, as the API tells time."""
        return (self.clock.now() + self.ahead).replace(microsecond=0)

    @property
    def is_sandbox(self) -> bool:
        return self.sender == SANDBOX

    def sid(self, kind: str) -> str:
        """In no order, as Twilio's are."""
        seed = f"{self.account} {kind} {next(self._numbers)}"
        return kind + hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()

    def add(
        self,
        sender: str,
        to: str,
        body: str,
        *,
        direction: str = "outbound-api",
        media: list[Media] | None = None,
    ) -> Message:
        """The time in the list is the one at which it came or was asked for."""
        status = "received" if direction == "inbound" else "queued"
        kind = "MM" if media else "SM"
        message = Message(
            self.sid(kind), self.account, sender, to, body, self.now, direction, status, self.now
        )
        message.listed_from += self.list_delay
        message.statuses.append(status)
        message.media = media or []
        self.messages.append(message)
        return message

    def message(self, sid: str) -> Message:
        found = next((one for one in self.messages if one.sid == sid), None)
        if found is None:
            raise not_found(f"/Messages/{sid}")
        return found

    def content(self, sid: str) -> Content:
        if sid not in self.contents:
            raise not_found(f"/v1/Content/{sid}")
        return self.contents[sid]

    def contact(self, address: str) -> Contact | None:
        """None for somebody who is not on WhatsApp."""
        bare = address.removeprefix(PREFIX)
        people = self.people.values()
        return next((one for one in people if bare in (one.number, one.external)), None)

    def late_error(self, message: Message) -> int:
        """What a message that was taken fails with afterwards; 0 for nothing."""
        contact = self.contact(message.to)
        if contact is None:
            return 63003
        if contact.refused:
            return contact.refused
        if self.is_sandbox and not self._has_joined(contact):
            return 63015
        is_template = (
            message.content in self.contents and self.contents[message.content].is_approved
        )
        return 0 if is_template or self.is_open(contact) else 63016

    def is_open(self, contact: Contact) -> bool:
        return contact.wrote is not None and self.now - contact.wrote < WINDOW

    def _has_joined(self, contact: Contact) -> bool:
        return contact.joined is not None and self.now - contact.joined < SANDBOX_LASTS
