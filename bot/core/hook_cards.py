"""Notices about what an agent's own account and its screen say."""

from __future__ import annotations

from bot.core.hooks import Asked
from bot.core.notices import Button, Notice, NoticeKind, Part, PartStyle
from bot.core.prompts import Prompt
from bot.core.visible import reveal

_MOST = 600


def dispute_card(session: str, asked: Asked, shown: Prompt, *, by_record: bool = False) -> Notice:
    """Only what stands on the screen can be answered then: that is what a key would answer."""
    source = "record" if by_record else "hook"
    return Notice(
        NoticeKind.TROUBLE,
        f"⚠️ Session '{session}': its {source} and its screen do not say the same",
        (
            Part(f"The {source} asks about {reveal(asked.tool)}:"),
            Part(_brief(asked.subject), PartStyle.CODE),
            Part(f"The screen shows {reveal(shown.tool) or 'a dialog'}:"),
            Part(_brief(shown.subject or "\n".join(shown.body)), PartStyle.CODE),
            Part("The card is of what the screen shows, and an answer goes to that."),
        ),
        buttons=(Button("Show screen", f"peek {session}"),),
        session=session,
    )


def unseen_card(session: str, waits_for: str) -> Notice:
    return Notice(
        NoticeKind.TROUBLE,
        f"⚠️ Session '{session}' says that it waits for you, but I see nothing to answer",
        (Part(f"Its own words: {reveal(waits_for)}. Please look at the terminal."),),
        buttons=(Button("Show screen", f"peek {session}"),),
        session=session,
    )


def unowned_card(session: str, status: str) -> Notice:
    """It may be text that looks like a dialog, and that no reader told from one."""
    return Notice(
        NoticeKind.TROUBLE,
        f"⚠️ Session '{session}' shows a dialog, but says itself that it is {status}",
        (Part("Please look at the terminal before you answer it."),),
        buttons=(Button("Show screen", f"peek {session}"),),
        session=session,
    )


def _brief(text: str) -> str:
    shown = reveal(text)
    return shown if len(shown) <= _MOST else f"{shown[:_MOST]} …"
