"""Messages of an account, in both directions, and how the API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

JSON = dict[str, Any]
PREFIX = "whatsapp:"


@dataclass(frozen=True)
class Button:
    title: str
    id: str
    about: str = ""


@dataclass(frozen=True)
class Media:
    sid: str
    mime: str
    data: bytes


@dataclass(eq=False)
class Message:
    sid: str
    account: str
    sender: str
    to: str
    body: str
    made: datetime
    direction: str
    status: str
    listed_from: datetime
    """Before that the list does not have it yet."""
    error: int | None = None
    content: str = ""
    buttons: tuple[Button, ...] = ()
    is_menu: bool = False
    """The buttons are the rows of a list."""
    callback: str = ""
    media: list[Media] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    """All it has had, the first first."""

    @property
    def text(self) -> str:
        return self.body

    @property
    def titles(self) -> list[str]:
        return [button.title for button in self.buttons]

    @property
    def is_inbound(self) -> bool:
        return self.direction == "inbound"

    @property
    def arrived(self) -> bool:
        return self.status in ("delivered", "read")

    @property
    def path(self) -> str:
        """Without its ending."""
        return f"/2010-04-01/Accounts/{self.account}/Messages/{self.sid}"

    def becomes(self, status: str) -> None:
        self.status = status
        self.statuses.append(status)

    def button(self, title: str) -> Button:
        """By its title, or the only one that has these words in it."""
        exact = [button for button in self.buttons if button.title == title]
        found = exact or [button for button in self.buttons if title in button.title]
        assert len(found) == 1, f"no button {title!r} under {self.body!r}: {self.titles}"
        return found[0]

    def as_json(self) -> JSON:
        """There are no buttons in it, no names, and not what it replies to."""
        date = format_datetime(self.made)
        failed = f"Twilio error {self.error}" if self.error else None
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": date,
            "date_sent": date,
            "date_updated": date,
            "direction": self.direction,
            "error_code": self.error,
            "error_message": failed,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{self.path}/Media.json"},
            "to": self.to,
            "uri": f"{self.path}.json",
        }

    def media_json(self, media: Media) -> JSON:
        date = format_datetime(self.made)
        return {
            "account_sid": self.account,
            "content_type": media.mime,
            "date_created": date,
            "date_updated": date,
            "parent_sid": self.sid,
            "sid": media.sid,
            "uri": f"{self.path}/Media/{media.sid}.json",
        }
