"""Text with formatting, as Telegram counts it.

Offsets and lengths are in UTF-16 code units (Bot API, MessageEntity): most emoji are two."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate

TEXT_LIMIT = 4096
"""UTF-16 units of one message (Bot API, sendMessage)."""
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
"""What stands behind the hundredth entity of a message is shown plain."""


@dataclass(frozen=True, slots=True)
class Entity:
    """``type`` is the Bot API's word for it; ``language`` is for ``pre`` only."""

    type: str
    offset: int
    length: int
    language: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Formatted:
    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    return sum(map(_width, text))


def _width(char: str) -> int:
    return 2 if char > "\uffff" else 1


def cut(text: str, limit: int) -> str:
    """At most ``limit`` units; the last one is … where something is missing."""
    if units(text) <= limit:
        return text
    widths = list(accumulate(map(_width, text)))
    return text[: bisect_right(widths, limit - 1)].rstrip() + "…"


class Builder:
    """Puts a text together piece by piece, and keeps account of the offsets."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entities: list[Entity] = []
        self._length = 0

    def add(self, text: str, type_: str = "", language: str = "") -> None:
        text = sendable(text)
        length = units(text)
        if type_ and length:
            self._entities.append(Entity(type_, self._length, length, language))
        self._pieces.append(text)
        self._length += length

    def line(self, text: str, type_: str = "", language: str = "") -> None:
        """The same on a line of its own."""
        if self._length:
            self.add("\n")
        self.add(text, type_, language)

    @property
    def done(self) -> Formatted:
        return Formatted("".join(self._pieces), tuple(self._entities))


def sendable(text: str) -> str:
    """Halves of surrogate pairs cannot be written as UTF-8; Telegram drops carriage returns and
    NUL, which would shift what follows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def split(
    whole: Formatted, limit: int = TEXT_LIMIT, entity_limit: int = ENTITY_LIMIT
) -> tuple[Formatted, ...]:
    """Parts that fit, cut behind a line where there is one; put together they are the whole.

    An entity that a cut goes through goes on in the next part."""
    ends = [0, *accumulate(map(_width, whole.text))]
    entities = sorted(whole.entities, key=lambda entity: (entity.offset, -entity.length))
    parts, start = [], 0
    while start < len(whole.text):
        room = bisect_right(ends, ends[start] + limit) - 1
        stop = _border(whole.text, start, room) if room < len(whole.text) else room
        found = _within(entities, ends[start], ends[stop])
        if len(found) > entity_limit:
            # Where too many begin at one place, the innermost are left out.
            fits = bisect_right(ends, ends[start] + found[entity_limit].offset) - 1
            stop = fits if fits > start else stop
            found = _within(entities, ends[start], ends[stop])[:entity_limit]
        parts.append(Formatted(whole.text[start:stop], tuple(found)))
        start = stop
    return tuple(parts) or (whole,)


def _border(text: str, start: int, room: int) -> int:
    """Behind the last line break of the second half, else the last blank of it, else the room."""
    half = start + (room - start) // 2
    for sign in ("\n", " "):
        at = text.rfind(sign, half, room)
        if at >= 0:
            return at + 1
    return max(room, start + 1)


def _within(entities: list[Entity], start: int, stop: int) -> list[Entity]:
    """Clipped to that range and counted from its begin."""
    return [
        replace(entity, offset=begin - start, length=end - begin)
        for entity in entities
        for begin, end in [(max(entity.offset, start), min(entity.end, stop))]
        if begin < end
    ]


def trimmed(part: Formatted) -> Formatted:
    """Without the blanks around it, which Telegram takes away; entities hold what is left."""
    before = units(part.text) - units(part.text.lstrip())
    text = part.text.strip()
    return Formatted(text, tuple(_within(list(part.entities), before, before + units(text))))
