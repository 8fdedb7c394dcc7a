"""When the answer to a tap needs no message of its own."""

from __future__ import annotations

from bot.core.decisions import Inbound
from bot.core.notices import Notice, NoticeKind

TOAST = 200
"""Characters of a toast. Telegram: ``answerCallbackQuery`` takes 0-200 of them."""


def toast_of(reply: Notice) -> str:
    """All that a reply says, in one piece."""
    return "\n".join((reply.title, *(part.text for part in reply.parts)))


def says_enough(inbound: Inbound, reply: Notice | None) -> bool:
    """A tap that settled a prompt: the card on which the button stood is changed and says so for
    good, and a toast says it now. What was refused, or asks something, is a message."""
    if not (inbound.tapped and inbound.receipt) or reply is None:
        return False
    settles = reply.kind is NoticeKind.REPLY and bool(reply.code) and not reply.buttons
    return settles and len(toast_of(reply)) <= TOAST
