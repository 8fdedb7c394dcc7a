"""Content resources: what may be defined, and what becomes of one when it is filled in.

Limits: Twilio, Content API (twilio/quick-reply, twilio/list-picker, Using variables with the
Content API) and the page of error 21656."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.support.twilioapi.errors import misuse
from tests.support.twilioapi.messages import JSON, Button

BODY = 1024
TITLE = 20
ID = 200
VALUE = 255
QUICK_REPLIES, APPROVED_QUICK_REPLIES = 3, 10
ITEMS, ITEM, ABOUT = 10, 24, 72

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_UNFIT = re.compile(r"[\n\r\t]| {5}")
_SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "twilio/text": ({"body"}, set()),
    "twilio/quick-reply": ({"body", "actions"}, set()),
    "twilio/list-picker": ({"body", "button", "items"}, set()),
    "action": ({"title"}, {"type", "id"}),
    "item": ({"id", "item"}, {"description"}),
}
"""Of each object: what must be there, and what may."""


@dataclass(eq=False)
class Content:
    sid: str
    account: str
    name: str
    language: str
    variables: dict[str, str]
    types: JSON
    made: datetime
    approval: str = "unsubmitted"
    """As WhatsApp has it: ``received``, ``pending``, ``approved``, ``rejected``, ``paused``."""

    @property
    def is_approved(self) -> bool:
        return self.approval == "approved"

    def as_json(self) -> JSON:
        url = f"https://content.twilio.com/v1/Content/{self.sid}"
        date = self.made.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "account_sid": self.account,
            "date_created": date,
            "date_updated": date,
            "friendly_name": self.name,
            "language": self.language,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
            "sid": self.sid,
            "types": self.types,
            "url": url,
            "variables": self.variables,
        }

    def approvals(self) -> JSON:
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "url": f"https://content.twilio.com/v1/Content/{self.sid}/ApprovalRequests",
            "whatsapp": {
                "type": "whatsapp",
                "name": self.name,
                "category": "UTILITY",
                "content_type": next(iter(self.types)),
                "status": self.approval,
                "rejection_reason": "",
                "allow_category_change": True,
            },
        }


@dataclass(frozen=True)
class Filled:
    body: str
    buttons: tuple[Button, ...] = ()
    is_menu: bool = False
    faults: tuple[str, ...] = field(default=())
    """Why WhatsApp does not take it; Twilio finds that out later (error 63013)."""


def definition(asked: object) -> JSON:
    """What a request to define one asks for; raises where it is not the Content API's."""
    if not isinstance(asked, dict):
        raise misuse(20001, "Request body must be a JSON object")
    _only(asked, {"language", "types"}, {"friendly_name", "variables"}, "Content")
    variables = asked.get("variables", {})
    if not all(isinstance(value, str) for value in variables.values()):
        raise misuse(20001, "variables must be strings")
    if not asked["types"]:
        raise misuse(20001, "types must not be empty")
    for kind, body in asked["types"].items():
        if kind not in _SHAPES:
            raise misuse(20001, f"content type {kind} is not played here")
        _only(body, *_SHAPES[kind], kind)
        for row in body.get("actions", ()):
            _only(row, *_SHAPES["action"], "action")
        for row in body.get("items", ()):
            _only(row, *_SHAPES["item"], "item")
    for place in _PLACE.findall(json.dumps(asked["types"])):
        if not place.isdigit():
            raise misuse(20001, f"a placeholder {place!r}")
    return asked


def _only(value: object, must: set[str], may: set[str], where: str) -> None:
    if not isinstance(value, dict):
        raise misuse(20001, f"{where} must be an object")
    missing, unknown = must - set(value), set(value) - must - may
    if missing:
        raise misuse(20001, f"{where}: {sorted(missing)} missing")
    if unknown:
        raise misuse(20001, f"{where}: unknown {sorted(unknown)}")


def given(text: str) -> dict[str, str]:
    """ContentVariables."""
    try:
        values = json.loads(text or "{}")
    except ValueError:
        raise misuse(21656) from None
    is_flat = isinstance(values, dict) and all(isinstance(v, str) for v in values.values())
    if not is_flat or not all(values.values()):
        raise misuse(21656)
    if any(len(value) > VALUE for value in values.values()):
        raise misuse(21658)
    return dict(values)


def fill(content: Content, values: Mapping[str, str]) -> Filled:
    known = {**content.variables, **values}
    kind, shape = next(iter(content.types.items()))
    for place in _PLACE.findall(shape["body"]):
        if _UNFIT.search(known.get(place, "")):
            raise misuse(21656)
    shape = _filled(shape, known)
    rows = [*_rows(shape)]
    is_menu = kind == "twilio/list-picker"
    faults = tuple(_faults(shape, rows, is_menu, content.is_approved))
    return Filled(shape["body"], tuple(rows), is_menu, faults)


def _filled(shape: Any, known: Mapping[str, str]) -> Any:
    if isinstance(shape, str):
        return _PLACE.sub(lambda place: known.get(place[1], ""), shape)
    if isinstance(shape, list):
        return [_filled(one, known) for one in shape]
    return {name: _filled(one, known) for name, one in shape.items()}


def _rows(shape: JSON) -> Iterator[Button]:
    for action in shape.get("actions", ()):
        yield Button(action["title"], action.get("id", action["title"]))
    for item in shape.get("items", ()):
        yield Button(item["item"], item["id"], item.get("description", ""))


def _faults(shape: JSON, rows: list[Button], is_menu: bool, is_approved: bool) -> Iterator[str]:
    if rows and len(shape["body"]) > BODY:
        yield f"a body of {len(shape['body'])} characters"
    if len(shape.get("button", "")) > TITLE:
        yield f"the menu's button {shape['button']!r}"
    many = ITEMS if is_menu else APPROVED_QUICK_REPLIES if is_approved else QUICK_REPLIES
    if len(rows) > many:
        yield f"{len(rows)} buttons"
    for row in rows:
        if not 0 < len(row.title) <= (ITEM if is_menu else TITLE):
            yield f"the title {row.title!r}"
        if not 0 < len(row.id) <= ID:
            yield f"the id {row.id!r}"
        if len(row.about) > ABOUT:
            yield f"the description {row.about!r}"
    for name, values in (("titles", [r.title for r in rows]), ("ids", [r.id for r in rows])):
        if len(set(values)) < len(values):
            yield f"{name} that are alike"
