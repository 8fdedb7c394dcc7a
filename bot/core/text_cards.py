"""What people are told of a text that they sent to an agent."""

from __future__ import annotations

import hashlib

from bot.core.notices import Button, Notice, NoticeKind, Part, PartStyle
from bot.core.records import WAITING, TextRecord, TextState
from bot.core.visible import reveal

DRAFT_BACK = "what somebody had typed there was put by meanwhile, and is back in the input box"
DRAFT_AWAY = (
    "what somebody had typed there was put by meanwhile, and is not seen to be back: "
    "ctrl+s in the empty box brings it back"
)

SHOWN = 200
"""Characters of the text that a receipt repeats."""


def mark_of(record: TextRecord) -> str:
    """What a button names a queued text by: its place changes, this does not."""
    return hashlib.sha256(f"{record.id}".encode()).hexdigest()[:6]


def receipt(record: TextRecord, why: str = "", before: int = 0) -> Notice:
    """``why``: what it waits for, behind ``before`` others."""
    name = record.session
    waits = f"⏳ Queued for '{name}' (position {before + 1}): {why}"
    titles = {
        TextState.DELIVERED: f"✓ Delivered to '{name}'",
        TextState.HANDED: f"✓ Delivered to '{name}', which is busy: it has queued the text itself",
        TextState.UNCONFIRMED: f"↗ Sent to '{name}', but no sign yet that it was taken",
        TextState.ATTEMPTING: f"… On its way to '{name}'",
        TextState.QUEUED: waits,
        TextState.TYPED: waits,
        TextState.EXPIRED: f"⌛ Not delivered to '{name}': {record.reason}",
        TextState.WITHDRAWN: f"↩️ Taken back: '{name}' does not get it",
        TextState.UNKNOWN: f"⚠️ Not known whether '{name}' got it: {record.reason}",
    }
    title = titles.get(record.state, f"⚠️ Not delivered to '{name}': {record.reason}")
    parts = [Part(excerpt(record.text), PartStyle.QUOTE)]
    if record.state is TextState.UNCONFIRMED:
        parts.append(Part(f"{record.reason}. It is not sent again by itself."))
    if record.state is TextState.WITHDRAWN and record.reason:
        parts.append(Part(f"{record.reason}."))
    about_draft = next((s for s in (DRAFT_BACK, DRAFT_AWAY) if record.reason.endswith(s)), "")
    if about_draft and record.state is not TextState.UNCONFIRMED:
        parts.append(Part(f"{about_draft.capitalize()}."))
    return Notice(NoticeKind.REPLY, title, tuple(parts), _buttons(record), session=name)


def excerpt(text: str) -> str:
    return reveal(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _buttons(record: TextRecord) -> tuple[Button, ...]:
    name = record.session
    if record.state in WAITING:
        return (Button("Take back", f"untell {name} {mark_of(record)}"),)
    if record.state in (TextState.UNCONFIRMED, TextState.UNKNOWN):
        return (Button("Look", f"peek {name}"),)
    return ()
