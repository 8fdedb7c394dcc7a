"""How a call is refused, in the words the Bot API uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(eq=False)
class Refusal(Exception):
    """The answer to a call that has no effect."""

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)
    misuse: bool = False
    """No state of the world makes this call right: whoever made it has a defect."""

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return told | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


def misuse(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}", misuse=True)


def forbidden(why: str) -> Refusal:
    return Refusal(403, f"Forbidden: {why}")


def conflict(why: str = "") -> Refusal:
    other = (
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    return Refusal(409, f"Conflict: {why or other}")


def too_many(retry_after: int) -> Refusal:
    told = f"Too Many Requests: retry after {retry_after}"
    return Refusal(429, told, {"retry_after": retry_after})


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def unknown_method() -> Refusal:
    return Refusal(404, "Not Found", misuse=True)


def canned(code: int, description: str, retry_after: int | None) -> Refusal:
    if code == 429 and not description:
        return too_many(1 if retry_after is None else retry_after)
    parameters = {} if retry_after is None else {"retry_after": retry_after}
    return Refusal(code, description or HTTPStatus(code).phrase, parameters)
