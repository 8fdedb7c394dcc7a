"""Text as WhatsApp shows it: its few signs of formatting, and messages of a limited length.

There is no way to escape a sign (https://faq.whatsapp.com, "How to format your messages"), so what
agents say goes between fences, where only the fence itself means anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

TEXT_LIMIT = 1600
"""Characters of a message (Twilio, Message resource, Body). Counted here as UTF-16 units, which
are never fewer."""
NUMBERING = len("(99/99)\n")

FENCE = "```"
BACKTICK, LOOKS_LIKE_ONE = "`", "ˋ"  # noqa: RUF001 - they look alike, and one means nothing
NOTE = f"({LOOKS_LIKE_ONE} stands for a backtick)"

LINES = 12
"""Lines above buttons: each number of them is a definition of its own."""
LINE_LIMIT = 255
"""Characters of a variable (Twilio, Using variables with the Content API)."""
CARD_LIMIT = 1000
"""Characters above buttons: WhatsApp takes 1,024 (Twilio, twilio/quick-reply, body)."""
_UNFIT = re.compile(r"[\n\r\t]| {5}")
"""A variable in a body takes none of these (Twilio, error 21656)."""

_FENCED_EXTRA = 2 * len(FENCE) + 2
_PAIR = re.compile(r"(?<!\w)([*_~])(?=\S)([^\n]{0,1600}?\S)\1(?!\w)")
_WIDE = {"*": "＊", "_": "＿", "~": "～"}  # noqa: RUF001 - they look alike and mean nothing


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind; ``fenced`` ones are shown as they are, in columns."""

    text: str
    fenced: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    fenced: bool

    @property
    def cost(self) -> int:
        return units(self.text) + 1


def units(text: str) -> int:
    return sum(map(_width, text))


def _width(char: str) -> int:
    return 2 if char > "\uffff" else 1


def cut(text: str, limit: int) -> str:
    """At most ``limit`` units; the last one is … where something is missing."""
    if units(text) <= limit:
        return text
    return text[: _fitting(text, limit - 1)].rstrip() + "…"


def _fitting(text: str, room: int) -> int:
    """How many characters from the beginning fit into so many units."""
    return sum(1 for end in accumulate(map(_width, text)) if end <= room)


def sendable(text: str) -> str:
    """Halves of surrogate pairs cannot be written as UTF-8, and NUL is refused."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def plain(text: str) -> str:
    """The words as they are: signs that would make something bold, and vanish, are replaced by
    ones that look alike."""
    before, text = "", sendable(text).replace(FENCE, "'''")
    while text != before:
        # A sign that was replaced may have hidden the beginning of another pair: _a_*b*
        before, text = text, _PAIR.sub(lambda found: _widened(found[0]), text)
    return text


def _widened(text: str) -> str:
    return "".join(_WIDE.get(char, char) for char in text)


def bold(text: str) -> str:
    """One line; what would end it early is replaced."""
    words = plain(text).replace("*", _WIDE["*"]).strip()
    return f"*{words}*" if words else ""


def inline(text: str) -> str:
    """A few words of an agent's on one line."""
    words = " ".join(_shown(text).split())
    return f"{FENCE}{words}{FENCE}" if words else ""


def _shown(text: str) -> str:
    return sendable(text).replace(BACKTICK, LOOKS_LIKE_ONE)


def shown(blocks: Sequence[Block]) -> str:
    """All of it as one text, however long."""
    return _text(_lines(blocks))


def fits_above_buttons(text: str) -> bool:
    lines = text.split("\n")
    return (
        units(text) <= CARD_LIMIT
        and len(lines) <= LINES
        and all(
            line.strip() and units(line) <= LINE_LIMIT and not _UNFIT.search(line)
            for line in lines
        )
    )


def split(blocks: Sequence[Block], limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Messages that fit, numbered where there are several. Cut between lines where a line is not
    longer than a message; a fence that a cut goes through is closed and opened again."""
    lines = _lines(blocks)
    whole = _text(lines)
    if units(whole) <= limit:
        return (whole,) if whole.strip() else ()
    texts = [_text(page) for page in _pages(lines, limit - NUMBERING)]
    kept = [text for text in texts if text.strip()]
    return tuple(f"({n}/{len(kept)})\n{text}" for n, text in enumerate(kept, 1))


def _lines(blocks: Sequence[Block]) -> list[_Line]:
    lines: list[_Line] = []
    for block in blocks:
        text = _shown(block.text) if block.fenced else block.text
        lines += [_Line(line, block.fenced) for line in text.split("\n")]
        if block.fenced and BACKTICK in block.text:
            lines.append(_Line(NOTE, fenced=False))
    return lines


def _pages(lines: Sequence[_Line], room: int) -> Iterator[list[_Line]]:
    page: list[_Line] = []
    used = 0
    for line in lines:
        for piece in _broken(line, room - _FENCED_EXTRA):
            opens = piece.fenced and not (page and page[-1].fenced)
            cost = piece.cost + (_FENCED_EXTRA if opens else 0)
            if page and used + cost > room:
                yield page
                page, used = [], 0
                cost = piece.cost + (_FENCED_EXTRA if piece.fenced else 0)
            page.append(piece)
            used += cost
    if page:
        yield page


def _broken(line: _Line, room: int) -> Iterator[_Line]:
    """Behind a blank of the second half where there is one."""
    text = line.text
    while units(text) >= room:
        fits = max(1, _fitting(text, room - 1))
        blank = text.rfind(" ", fits // 2, fits)
        at = blank + 1 if blank > 0 else fits
        yield _Line(text[:at], line.fenced)
        text = text[at:]
    yield _Line(text, line.fenced)


def _text(lines: Sequence[_Line]) -> str:
    runs = []
    for fenced, group in groupby(lines, key=lambda line: line.fenced):
        text = "\n".join(line.text for line in group)
        if fenced and text.strip():
            text = f"{FENCE}\n{text}\n{FENCE}"
        runs.append(text)
    return "\n".join(runs)
