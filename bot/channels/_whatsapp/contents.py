"""Definitions of buttons at Twilio: made once, filled in by variables for every message.

A message cannot bring buttons of its own; it names a Content resource (Twilio, Content API), and
an account has room for some thousand of these. So there is one for each number of buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels._whatsapp.keys import Keys
from bot.channels._whatsapp.rendering import Outgoing
from bot.channels._whatsapp.texts import units

VALUE_LIMIT = 255
"""Characters of one variable (Twilio, Using variables with the Content API)."""
VERSION = "v1"
"""To be raised with every change of what is defined here."""
OPEN_MENU = "Choose"
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Content:
    """``name`` is the friendly name, by which it is found again."""

    name: str
    types: Mapping[str, Any]
    samples: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    content: Content
    variables: Mapping[str, str]


def fill(message: Outgoing) -> Filled:
    """The definition that fits a message with keys, and what is put into it.

    The text goes into as many variables as it needs: an empty one is refused (error 21656)."""
    pieces = _pieces(message.text)
    content = definition(len(pieces), len(message.keys.keys), menu=message.keys.is_menu)
    values = [*pieces, *_values(message.keys)]
    return Filled(content, {str(n): value for n, value in enumerate(values, 1)})


def definition(pieces: int, keys: int, *, menu: bool) -> Content:
    body = "".join(f"{{{{{n}}}}}" for n in range(1, pieces + 1))
    width = 3 if menu else 2
    first = pieces + 1
    rows = [
        [f"{{{{{first + width * row + column}}}}}" for column in range(width)]
        for row in range(keys)
    ]
    if menu:
        items = [{"item": title, "id": id_, "description": about} for title, id_, about in rows]
        types = {"twilio/list-picker": {"body": body, "button": OPEN_MENU, "items": items}}
    else:
        actions = [{"type": "QUICK_REPLY", "title": title, "id": id_} for title, id_ in rows]
        types = {"twilio/quick-reply": {"body": body, "actions": actions}}
    count = pieces + width * keys
    samples = {str(n): f"value {n}" for n in range(1, count + 1)}
    kind = "menu" if menu else "buttons"
    return Content(f"wingman_{kind}_{keys}_{pieces}_{VERSION}", types, samples)


def _values(keys: Keys) -> list[str]:
    values: list[str] = []
    for key in keys.keys:
        values += [key.title, key.command]
        if keys.is_menu:
            values.append(key.about or key.title)
    return values


def _pieces(text: str) -> list[str]:
    """Put together they are the text; cut where no blank would stand at an end."""
    pieces = []
    rest = text
    while units(rest) > VALUE_LIMIT:
        at = VALUE_LIMIT if len(rest) > VALUE_LIMIT else len(rest) - 1
        while units(rest[:at]) > VALUE_LIMIT:
            at -= 1
        inside = (n for n in range(at, at // 2, -1) if not _beside_blank(rest, n))
        solid = next(inside, at)
        pieces.append(rest[:solid])
        rest = rest[solid:]
    return [*pieces, rest]


def _beside_blank(text: str, at: int) -> bool:
    return text[at - 1].isspace() or text[at].isspace()
