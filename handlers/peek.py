"""peek NAME [lines]: what is on the session's screen, as text."""

from __future__ import annotations

import re

from bot.api import (
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    PartStyle,
    Refused,
    reply,
    screen_text,
    session_named,
)

DEFAULT, MOST = 50, 500
RULE = 30
"""Characters of a line that only parts things: one as wide as a terminal is three on a phone."""
_RULE = re.compile(r"([─━═╌▔▁_=-])\1{30,}")


async def run(context: Context) -> Notice:
    session, count = session_named(context)
    count = count.removeprefix("-n").strip()
    if count and not (count.isdecimal() and 0 < int(count) <= MOST):
        raise Refused(f"how many lines? peek NAME [1 to {MOST}]")
    rows = await context.gateway.sessions.tail(session, int(count or DEFAULT))
    text = _close(screen_text("\n".join(rows))) or "(the screen is empty)"
    return reply(f"Screen of '{session.name}'", Part(text, PartStyle.CODE), session=session.name)


def _close(text: str) -> str:
    """Most of a tall screen is empty, and would be scrolled through on a phone."""
    return re.sub(r"\n(?:[ \t]*\n){3,}", "\n\n", _RULE.sub(lambda rule: rule[0][:RULE], text))


COMMAND = Command(
    name="peek",
    summary="what is on a session's screen",
    usage="peek NAME [lines]",
    run=run,
    group=Group.LOOK,
    rank=2,
    looks=True,
    completes=Completes.SESSION,
)
