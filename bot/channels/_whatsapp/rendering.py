"""From a notice to messages of WhatsApp: what has to be read first, the buttons last."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.channels._whatsapp.keys import NO_KEYS, Keys, keys_of, typed
from bot.channels._whatsapp.texts import (
    TEXT_LIMIT,
    Block,
    bold,
    cut,
    fits_above_buttons,
    inline,
    plain,
    sendable,
    shown,
    split,
)
from bot.core.notices import ButtonStyle, Notice, NoticeKind, PartStyle

MESSAGES = 12
"""So many at most; each one is paid for, and they come three seconds apart."""
MOST = 2 * MESSAGES * TEXT_LIMIT
"""Characters of a part that are looked at; it is too long by far when there are more."""
HEADING = 120
SHORT = 120

_FENCED = frozenset({PartStyle.CODE, PartStyle.DIFF, PartStyle.QUOTE, PartStyle.TABLE})
_TOO_LONG = (
    "⚠️ This is too long for WhatsApp and was cut here, so it can't be allowed by a button: "
    "look at all of it on the local phone or at the terminal."
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message; with keys its text stands above the buttons."""

    text: str
    keys: Keys = NO_KEYS


_NOT_HERE = "📎 {name} can't be sent on WhatsApp. Say the same on the local phone to see it."


def render(notice: Notice) -> tuple[Outgoing, ...]:
    """All of a notice; the last message has its keys, if it has any."""
    if notice.kind is NoticeKind.CLOSED:
        return (Outgoing(_closed(notice)),)
    keys = keys_of(notice)
    blocks = _blocks(notice, keys)
    whole = shown(blocks)
    if keys.keys and fits_above_buttons(whole):
        return (Outgoing(whole, keys),)
    parts = split(blocks)
    if len(parts) > MESSAGES:
        # What was not shown is not offered to be allowed.
        denying = tuple(b for b in notice.buttons if b.style is ButtonStyle.DENY)
        keys = keys_of(replace(notice, buttons=denying))
        parts = (*parts[:MESSAGES], _TOO_LONG)
    texts = tuple(Outgoing(part) for part in parts)
    return (*texts, Outgoing(_short(notice), keys)) if keys.keys else texts or (Outgoing("…"),)


def worded(card: Outgoing, notice: Notice) -> Outgoing:
    """The same card where no buttons can be had: what they would send is written out."""
    is_whole = len(card.keys.keys) == len(notice.buttons)
    words = plain(notice.footer) if is_whole and notice.footer else typed(card.keys)
    return Outgoing(cut(f"{card.text}\n\n{words}", TEXT_LIMIT))


def _blocks(notice: Notice, keys: Keys) -> tuple[Block, ...]:
    heading, rest = _heading(notice.title)
    blocks = [Block(f"{bold(heading)}{plain(rest)}")]
    for part in notice.parts:
        text = part.text[:MOST].strip("\n").rstrip()
        if text:
            fenced = part.style in _FENCED
            blocks.append(Block(text if fenced else plain(text), fenced))
    blocks += [Block(_NOT_HERE.format(name=inline(file.name))) for file in notice.attachments]
    footer = plain(notice.footer)
    if footer and not (keys.keys and keys.complete):
        blocks.append(Block(f"\n{footer}"))
    return tuple(blocks)


def _heading(title: str) -> tuple[str, str]:
    """A signal's title goes on with what the agent said: only the beginning is in bold."""
    title = sendable(title).strip()
    line = title.partition("\n")[0]
    if len(line) > HEADING:
        line = line[: line.find(": ", 0, HEADING) + 1]
    return line, title[len(line) :]


def _short(notice: Notice) -> str:
    """What the buttons are about, once all of it stands above."""
    words = cut(" ".join(notice.title.split()), HEADING)
    first = next((part.text for part in notice.parts if part.style in _FENCED), "")
    subject = inline(cut(" ".join(first.split()), SHORT // 2))
    return "\n".join(line for line in (bold(words), subject, "↑ All of it is above.") if line)


def _closed(notice: Notice) -> str:
    """A card that was settled cannot be changed here: one short message says so."""
    lines = [bold(cut(" ".join(notice.title.split()), 2 * SHORT))]
    for part in notice.parts:
        words = cut(" ".join(part.text.split()), SHORT)
        lines.append(inline(words) if part.style in _FENCED else plain(words))
    return "\n".join(line for line in lines if line) or "…"
