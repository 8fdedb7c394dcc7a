"""All that a command's file may import."""

from __future__ import annotations

from datetime import datetime

from bot.core.approvals import PromptState
from bot.core.attention.explaining import span_words
from bot.core.attention.hours import OFF
from bot.core.cards import SAME_WORDS, marked_card, outcome_line, prompt_card
from bot.core.decisions import Decision, Verdict
from bot.core.errors import NotFound, Refused, WingmanError
from bot.core.filenames import safe_name
from bot.core.grammar import first_word, numbers, seconds
from bot.core.ids import Code
from bot.core.lifecycle import Phase
from bot.core.marks import NONE as NO_MARKS
from bot.core.notices import Attachment, Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle
from bot.core.records import PromptRecord
from bot.core.sessions import Origin, Session
from bot.core.visible import reveal, screen_text
from bot.services.accounting import explained
from bot.services.commands import LATER, Command, Completes, Context, Gateway, Group, Phrase
from bot.services.deciding import alone, decide_named, prompt_named, session_named
from bot.services.describing import facts, history
from bot.services.launching import StartRequest
from bot.services.overview import age, board

__all__ = [
    "LATER",
    "NO_MARKS",
    "OFF",
    "SAME_WORDS",
    "Attachment",
    "Button",
    "ButtonStyle",
    "Code",
    "Command",
    "Completes",
    "Context",
    "Decision",
    "Gateway",
    "Group",
    "NotFound",
    "Notice",
    "NoticeKind",
    "Origin",
    "Part",
    "PartStyle",
    "Phase",
    "Phrase",
    "PromptRecord",
    "PromptState",
    "Refused",
    "Session",
    "StartRequest",
    "Verdict",
    "WingmanError",
    "age",
    "alone",
    "board",
    "decide_named",
    "explained",
    "facts",
    "first_word",
    "history",
    "marked_card",
    "numbers",
    "outcome_line",
    "prompt_card",
    "prompt_named",
    "reply",
    "reveal",
    "safe_name",
    "screen_text",
    "seconds",
    "session_named",
    "span_words",
    "until",
]


def reply(
    title: str,
    *parts: Part,
    buttons: tuple[Button, ...] = (),
    session: str = "",
    attach: str = "",
    attachments: tuple[Attachment, ...] = (),
) -> Notice:
    """The usual answer of a command."""
    return Notice(
        NoticeKind.REPLY,
        title,
        parts,
        buttons,
        session=session,
        attach=attach,
        attachments=attachments,
    )


def until(at: datetime, context: Context) -> str:
    """``07:30``, with the day if it is not today, in the time zone of quiet hours."""
    gateway = context.gateway
    local, now = (t.astimezone(gateway.steering.zone) for t in (at, gateway.clock.now()))
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%d %b %H:%M}"
