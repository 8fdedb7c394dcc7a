"""How a request is refused, in the words Twilio uses (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.support.provider.wire import Reply

_WORDS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required",
    21603: "A 'From' phone number is required",
    21604: "A 'To' phone number is required",
    21609: "Invalid 'StatusCallback' URL",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21654: "ContentSid Required",
    21655: "The ContentSid is Invalid",
    21656: "The Content Variables Parameter is invalid",
    21658: "Parameter exceeded character limit",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    63007: "Twilio could not find a Channel with the specified From address",
    63031: "Message cannot have the same From and To",
}


@dataclass(eq=False)
class Refusal(Exception):
    """The answer to a request that has no effect."""

    status: int
    code: int
    message: str = ""
    misuse: bool = False
    """No state of the world makes this request right: whoever made it has a defect."""
    headers: dict[str, str] = field(default_factory=dict)

    def reply(self) -> Reply:
        said = {
            "code": self.code,
            "message": self.words,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return Reply(self.status, json.dumps(said).encode(), headers=self.headers)

    @property
    def words(self) -> str:
        return self.message or _WORDS.get(self.code) or HTTPStatus(self.status).phrase


def refused(code: int, message: str = "", status: int = 400) -> Refusal:
    return Refusal(status, code, message)


def misuse(code: int, message: str = "", status: int = 400) -> Refusal:
    return Refusal(status, code, message, misuse=True)


def not_found(what: str) -> Refusal:
    return Refusal(404, 20404, f"The requested resource {what} was not found")


def too_many(after: int | None = None) -> Refusal:
    headers = {} if after is None else {"retry-after": str(after)}
    return Refusal(429, 20429, headers=headers)
