"""Notices about other notices: reminders, and digests of what was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.cards import reminder_card
from bot.core.notices import Button, Notice, NoticeKind, Part, Urgency
from bot.core.records import HeldRecord, PromptRecord
from bot.core.visible import reveal

_TASK = 120
_LINES = 12
_SHOWN = 3
"""Buttons of single prompts in a digest; the rest is one tap away."""


def reminder(record: PromptRecord, now: datetime, task: str = "") -> Notice:
    """How long it has waited, what it blocks, and a way to be left alone for a while."""
    card = reminder_card(record, now)
    first = next(iter(reveal(task).strip().split("\n")), "")
    blocks = (Part(f"It blocks: {_short(first, _TASK)}"),) if first else ()
    snooze = Button("Snooze 30m", f"snooze {record.code} 30m")
    return replace(card, parts=(*blocks, *card.parts), buttons=(*card.buttons, snooze))


@dataclass(frozen=True, slots=True)
class Digest:
    notice: Notice
    urgency: Urgency


def digest(held: Sequence[HeldRecord], prompts: Sequence[PromptRecord]) -> Digest:
    """One notice for many. ``prompts``: those that are open, each once."""
    others = [h.notice for h in held if not h.notice.code]
    counts = [f"{len(prompts)} more waiting"] if prompts else []
    counts += [f"{len(others)} more told"] if others else []
    lines = [_line(record) for record in prompts]
    said = [_short(notice.title, _TASK) for notice in others]
    parts = [Part("\n".join(_some(rows))) for rows in (lines, said) if rows]
    shown = tuple(Button(f"Show {p.code}", f"status {p.session}") for p in prompts[:_SHOWN])
    more = (Button("All that waits", "pending"),) if prompts else ()
    notice = Notice(
        NoticeKind.STATE,
        f"📥 {' · '.join(counts)}",
        tuple(parts),
        (*shown, *more),
        footer="Reply with: • pending" if prompts else "",
        silent=not prompts and all(notice.silent for notice in others),
    )
    return Digest(notice, min(h.urgency for h in held))


def _some(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _LINES
    return list(lines) if rest <= 0 else [*lines[:_LINES], f"… and {rest} more"]


def _line(record: PromptRecord) -> str:
    subject = reveal(record.prompt.subject or record.prompt.question)
    first = next(iter(subject.split("\n")), "")
    return f"{record.code} · {record.session} · {_short(first or record.prompt.kind.value, 60)}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
