"""Definitions of buttons at Twilio: made once, filled in by variables for every message.

A message cannot bring buttons of its own; it names a Content resource (Twilio, Content API), and
an account has room for some thousand of these. So there is one for each number of buttons and of
lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels._whatsapp.keys import Keys
from bot.channels._whatsapp.rendering import Outgoing

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
    """The definition that fits a message with keys, and what is put into it: each line of its
    text by itself, as no variable takes a line break."""
    lines = message.text.split("\n")
    content = definition(len(lines), len(message.keys.keys), menu=message.keys.is_menu)
    values = [*lines, *_values(message.keys)]
    return Filled(content, {str(n): value for n, value in enumerate(values, 1)})


def definition(lines: int, keys: int, *, menu: bool) -> Content:
    body = "\n".join(f"{{{{{n}}}}}" for n in range(1, lines + 1))
    width = 3 if menu else 2
    first = lines + 1
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
    count = lines + width * keys
    samples = {str(n): f"value {n}" for n in range(1, count + 1)}
    kind = "menu" if menu else "buttons"
    return Content(f"wingman_{kind}_{keys}_{lines}_{VERSION}", types, samples)


def _values(keys: Keys) -> list[str]:
    values: list[str] = []
    for key in keys.keys:
        values += [key.title, key.command]
        if keys.is_menu:
            values.append(key.about or key.title)
    return values
