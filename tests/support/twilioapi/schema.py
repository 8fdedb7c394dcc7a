"""The requests a gateway may make, and the fields of each.

Twilio ignores a field that it does not know; here it is refused, as it is always a slip.
Names: Twilio's OpenAPI files for api/v2010, content/v1 and messaging/v2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tests.support.provider.wire import Request
from tests.support.twilioapi.errors import Refusal, misuse

_ACCOUNT = r"/2010-04-01/Accounts/(AC[0-9a-f]{32})"
_MESSAGE = rf"{_ACCOUNT}/Messages/((?:SM|MM)[0-9a-f]{{32}})"
_CONTENT = r"/v1/Content/(HX[0-9a-f]{32})"
_PAGING = "PageSize Page PageToken"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Endpoint:
    name: str
    method: str
    path: re.Pattern[str]
    fields: frozenset[str] = frozenset()
    is_json: bool = False


def _endpoint(
    name: str, method: str, path: str, fields: str = "", *, is_json: bool = False
) -> Endpoint:
    return Endpoint(name, method, re.compile(path), frozenset(fields.split()), is_json)


ENDPOINTS = (
    _endpoint(
        "messages.create",
        "POST",
        rf"{_ACCOUNT}/Messages\.json",
        "To From Body ContentSid ContentVariables MediaUrl StatusCallback ValidityPeriod",
    ),
    _endpoint(
        "messages.list",
        "GET",
        rf"{_ACCOUNT}/Messages\.json",
        f"To From DateSent DateSent< DateSent> {_PAGING}",
    ),
    _endpoint("messages.fetch", "GET", rf"{_MESSAGE}\.json"),
    _endpoint("media.list", "GET", rf"{_MESSAGE}/Media\.json", _PAGING),
    _endpoint("media.fetch", "GET", rf"{_MESSAGE}/Media/(ME[0-9a-f]{{32}})"),
    _endpoint("account.fetch", "GET", rf"{_ACCOUNT}\.json"),
    _endpoint("contents.create", "POST", "/v1/Content", is_json=True),
    _endpoint("contents.list", "GET", "/v1/Content", _PAGING),
    _endpoint("contents.fetch", "GET", _CONTENT),
    _endpoint("contents.delete", "DELETE", _CONTENT),
    _endpoint("approvals.fetch", "GET", rf"{_CONTENT}/ApprovalRequests"),
    _endpoint("approvals.create", "POST", rf"{_CONTENT}/ApprovalRequests/whatsapp", is_json=True),
    _endpoint("senders.list", "GET", "/v2/Channels/Senders", f"Channel {_PAGING}"),
    _endpoint("typing.create", "POST", r"/v2/Indicators/Typing\.json", "channel messageId"),
)


def endpoint(request: Request) -> tuple[Endpoint, tuple[str, ...]]:
    """With the SIDs in its address."""
    path = urlsplit(request.target).path
    for one in ENDPOINTS:
        found = one.path.fullmatch(path) if one.method == request.method else None
        if found:
            return one, found.groups()
    raise Refusal(404, 20404, f"The requested resource {path} was not found", misuse=True)


def parameters(one: Endpoint, request: Request) -> dict[str, str]:
    query = urlsplit(request.target).query
    if one.method != "POST":
        text = query
    elif one.is_json:
        _must_be(request, "application/json")
        return {}
    else:
        _must_be(request, _FORM)
        text = request.body.decode()
    given: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        if name not in one.fields:
            raise misuse(20001, f"{one.name} has no parameter {name!r}")
        if name in given:
            raise misuse(20001, f"{name} twice")
        given[name] = value
    return given


def _must_be(request: Request, kind: str) -> None:
    if request.content_type.partition(";")[0] != kind:
        raise misuse(20001, f"a body of {request.content_type or 'no type'}", 415)
