"""What Telegram takes as text, entities and buttons. Lengths and offsets are UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.support.botapi.errors import Refusal, bad_request, misuse

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITIES_LIMIT = 100
"""Telegram drops the ones beyond without a word (Bot API, formatting options)."""
DATA_LIMIT = 64
BUTTONS_LIMIT = 100

_TYPES = """
mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough
spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time
"""
TYPES = frozenset(_TYPES.split())
_ALONE = frozenset({"code", "pre"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_STYLES = frozenset({"success", "danger", "primary"})

Entity = dict[str, Any]


@dataclass(frozen=True)
class Button:
    text: str
    data: str = ""
    copy: str = ""
    url: str = ""
    style: str = ""

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"text": self.text}
        if self.data:
            told["callback_data"] = self.data
        if self.copy:
            told["copy_text"] = {"text": self.copy}
        if self.url:
            told["url"] = self.url
        return told | ({"style": self.style} if self.style else {})


Rows = tuple[tuple[Button, ...], ...]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_out(text: str, entity: Entity) -> str:
    """What an entity covers."""
    data = text.encode("utf-16-le")
    begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return data[begin:end].decode("utf-16-le")


def written(
    text: str, entities: list[Entity], limit: int = TEXT_LIMIT
) -> tuple[str, tuple[Entity, ...]]:
    """As it is kept: without white space at its end; entities end with the text."""
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise misuse("strings must be encoded in UTF-8")
    if len(entities) > ENTITIES_LIMIT:
        raise misuse(f"{len(entities)} entities: those after the first {ENTITIES_LIMIT} are lost")
    for entity in entities:
        _check(entity, text)
    _check_together(entities)
    kept = text.rstrip()
    if units(kept) > limit:
        raise misuse(
            "message is too long" if limit == TEXT_LIMIT else "message caption is too long"
        )
    return kept, tuple(_within(entities, units(kept)))


def _within(entities: Iterable[Entity], length: int) -> Iterable[Entity]:
    for entity in entities:
        if entity["offset"] < length:
            yield entity | {"length": min(entity["length"], length - entity["offset"])}


def _check(entity: Entity, text: str) -> None:
    told = f"entity {entity}"
    begin, end = entity["offset"], entity["offset"] + entity["length"]
    if entity["type"] not in TYPES:
        raise misuse(f"{told}: unknown type")
    if begin < 0 or end <= begin or end > units(text):
        raise misuse(f"{told}: out of range of {units(text)}")
    if begin in (inside := _inside_pairs(text)) or end in inside:
        raise misuse(f"{told}: cuts a character in two")
    if "language" in entity and entity["type"] != "pre":
        raise misuse(f"{told}: only pre has a language")
    if ("url" in entity) != (entity["type"] == "text_link"):
        raise misuse(f"{told}: text_link and url belong together")


def _inside_pairs(text: str) -> set[int]:
    found, at = set(), 0
    for char in text:
        if ord(char) > 0xFFFF:
            found.add(at + 1)
        at += units(char)
    return found


def _check_together(entities: list[Entity]) -> None:
    """Entities lie side by side or one within the other; code stands alone."""
    ordered = sorted(entities, key=lambda one: (one["offset"], -one["length"]))
    outer: list[Entity] = []
    for entity in ordered:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        outer = [one for one in outer if one["offset"] + one["length"] > begin]
        for one in outer:
            if one["offset"] + one["length"] < end:
                raise misuse(f"entities {one} and {entity} overlap")
            if {one["type"], entity["type"]} & _ALONE:
                raise misuse(f"entities {one} and {entity}: code cannot be combined")
            if {one["type"], entity["type"]} <= _QUOTES:
                raise misuse(f"entities {one} and {entity}: quotations cannot be nested")
        outer.append(entity)


def rows_of(markup: dict[str, Any] | None) -> Rows:
    if not markup or "inline_keyboard" not in markup:
        return ()
    rows = tuple(tuple(_button(one) for one in row) for row in markup["inline_keyboard"])
    if sum(map(len, rows)) > BUTTONS_LIMIT:
        raise misuse("reply markup is too long")
    return tuple(row for row in rows if row)


def _button(raw: dict[str, Any]) -> Button:
    copy = (raw.get("copy_text") or {}).get("text", "")
    data, url, style = raw.get("callback_data", ""), raw.get("url", ""), raw.get("style", "")
    if not raw["text"].strip():
        raise misuse("button text must be non-empty")
    if sum(key in raw for key in ("callback_data", "copy_text", "url")) != 1:
        raise misuse("can't parse inline keyboard button: exactly one action, please")
    if "callback_data" in raw and not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise misuse("BUTTON_DATA_INVALID")
    if "copy_text" in raw and not 1 <= len(copy) <= 256:
        raise misuse("BUTTON_COPY_TEXT_INVALID")
    if "url" in raw and not re.match(r"(https?|tg)://", url):
        raise misuse("BUTTON_URL_INVALID")
    if style and style not in _STYLES:
        raise misuse(f"button style {style}")
    return Button(raw["text"], data, copy, url, style)


def found_in(text: str) -> list[Entity]:
    """The entities a person's app marks by itself: commands and mentions."""
    found = []
    for match in re.finditer(r"(?<!\S)(/[A-Za-z0-9_]{1,32}(@\w+)?|@\w{3,})", text):
        kind = "bot_command" if match[0].startswith("/") else "mention"
        begin = units(text[: match.start()])
        found.append({"type": kind, "offset": begin, "length": units(match[0])})
    return found


def not_empty(text: str) -> str:
    if not text.strip():
        raise misuse("message text is empty")
    return text


def not_modified() -> Refusal:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
