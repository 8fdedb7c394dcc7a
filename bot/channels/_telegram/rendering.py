"""From a notice to messages of Telegram: what has to be read first, the buttons last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels._telegram.entities import (
    CAPTION_LIMIT,
    Builder,
    Entity,
    Formatted,
    cut,
    sendable,
    split,
    trimmed,
    units,
)
from bot.channels._telegram.keyboard import NO_KEYS, Keyboard, keyboard
from bot.core.notices import Attachment, Notice, NoticeKind, Part, PartStyle

MESSAGES = 3
"""So many messages at most; what is longer goes as a file."""
FOLDED_CODE = 1500
"""Characters. Telegram folds quotes only, and a quote holds no code (Bot API, MessageEntity)."""
FOLDED_QUOTE = 700
FOLDED_LINES = 10
START = 700
"""So many characters of a long part stand on the card whose whole is in a file or further up."""
HEADING = 120
PHOTO_SIDE = 2560
"""Pixels. Larger ones are made smaller for the chat, until nobody can read them."""
PHOTO_RATIO = 20
"""Width to height, at most (Bot API, sendPhoto)."""

_IN_FILE = "\n… (all of it is in the file above)"
_MORE = "\n…"


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    content: bytes
    is_photo: bool = False
    """Shown in the chat, in a size and quality of Telegram's own choosing."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. With a document the text is its caption."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = NO_KEYS
    silent: bool = False
    document: Document | None = None
    answers: int = 0
    """The message that it is shown as the reply to; 0 for none."""


@dataclass(frozen=True, slots=True)
class Rendered:
    messages: tuple[Outgoing, ...]

    @property
    def card(self) -> Outgoing:
        return self.messages[-1]


def render(notice: Notice, prefix: str = "") -> Rendered:
    """All of a notice. ``prefix`` goes before its title."""
    keys = keyboard(notice)
    parts = _messages(_text(notice, keys, notice.parts, prefix))
    files = tuple(map(_attached, notice.attachments))
    if len(files) == 1 and _fits_below(parts, notice):
        whole = Outgoing(parts[0].text, parts[0].entities, keys, notice.silent, files[0])
        return Rendered((whole,))
    above = tuple(Outgoing("", silent=True, document=file) for file in files)
    return Rendered((*above, *_text_messages(notice, keys, parts, prefix)))


def _fits_below(parts: tuple[Formatted, ...], notice: Notice) -> bool:
    """As a caption. What may be changed later is a message of its own: a caption is no text."""
    is_final = notice.kind is NoticeKind.REPLY and not notice.live
    return is_final and len(parts) == 1 and units(parts[0].text) <= CAPTION_LIMIT


def _attached(file: Attachment) -> Document:
    width, height = file.pixels
    shown = 0 < max(width, height) <= PHOTO_SIDE and min(width, height) * PHOTO_RATIO >= max(
        width, height
    )
    return Document(file.name, file.data, shown)


def _text_messages(
    notice: Notice, keys: Keyboard, parts: tuple[Formatted, ...], prefix: str
) -> tuple[Outgoing, ...]:
    if len(parts) <= MESSAGES:
        return tuple(_outgoing(parts, keys, notice.silent))
    caption = cut(sendable(prefix + notice.title).strip(), CAPTION_LIMIT)
    file = Outgoing(caption, silent=True, document=_document(notice))
    return file, _on_one(notice, keys, prefix, _IN_FILE)


def render_edit(notice: Notice, prefix: str = "") -> Outgoing:
    """As much of a notice as one message holds, which has been sent in full before."""
    keys = keyboard(notice)
    parts = _messages(_text(notice, keys, notice.parts, prefix))
    if len(parts) == 1:
        return next(_outgoing(parts, keys, notice.silent))
    return _on_one(notice, keys, prefix, _MORE)


def _outgoing(parts: tuple[Formatted, ...], keys: Keyboard, silent: bool) -> Iterator[Outgoing]:
    for part in parts[:-1]:
        yield Outgoing(part.text, part.entities, silent=True)
    yield Outgoing(parts[-1].text, parts[-1].entities, keys, silent)


def _on_one(notice: Notice, keys: Keyboard, prefix: str, rest: str) -> Outgoing:
    parts = tuple(_shortened(part, rest) for part in notice.parts)
    card = _messages(_text(notice, keys, parts, prefix))[0]
    return Outgoing(card.text, card.entities, keys, notice.silent)


def _messages(whole: Formatted) -> tuple[Formatted, ...]:
    """Telegram refuses a message of blanks alone."""
    parts = tuple(part for part in map(trimmed, split(whole)) if part.text)
    return parts or (Formatted("…"),)


def _text(notice: Notice, keys: Keyboard, parts: tuple[Part, ...], prefix: str) -> Formatted:
    builder = Builder()
    heading, rest = _heading(prefix + notice.title)
    builder.add(heading, "bold")
    builder.add(rest)
    for part in parts:
        text = part.text.strip("\n").rstrip()
        if text:
            builder.line(text, *_style(part.style, text, notice.kind))
    if notice.footer and not (notice.buttons and keys.complete):
        builder.line("")
        builder.line(notice.footer)
    return builder.done


def _heading(title: str) -> tuple[str, str]:
    """A signal's title goes on with what the agent said: only the beginning is in bold."""
    line = title.partition("\n")[0]
    if len(line) > HEADING:
        colon = line.find(": ", 0, HEADING)
        line = line[: colon + 1]
    return line, title[len(line) :]


def _style(style: PartStyle, text: str, kind: NoticeKind) -> tuple[str, str]:
    """The entity's type, and its language."""
    # A screen that was asked for is there to be looked at, in columns.
    folds = len(text) > FOLDED_CODE and kind is not NoticeKind.REPLY
    match style:
        case PartStyle.CODE | PartStyle.DIFF if folds:
            return "expandable_blockquote", ""
        case PartStyle.DIFF:
            return "pre", "diff"
        case PartStyle.CODE | PartStyle.TABLE:
            return "pre", ""
        case PartStyle.QUOTE:
            is_long = len(text) > FOLDED_QUOTE or text.count("\n") >= FOLDED_LINES
            return ("expandable_blockquote" if is_long else "blockquote"), ""
        case PartStyle.TEXT:
            return "", ""


def _shortened(part: Part, rest: str) -> Part:
    if units(part.text) <= START:
        return part
    start = cut(part.text, START)[:-1]
    return Part(start.rstrip() + rest, part.style)


def _document(notice: Notice) -> Document:
    is_diff = any(part.style is PartStyle.DIFF for part in notice.parts)
    called = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join((notice.session, notice.code))).strip("-.")
    text = "\n\n".join((notice.title, *(part.text for part in notice.parts)))
    name = f"{called or 'wingman'}.{'diff' if is_diff else 'txt'}"
    return Document(name[-60:], (sendable(text) + "\n").encode())
