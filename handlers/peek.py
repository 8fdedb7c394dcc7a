"""peek NAME [lines]: what is on the session's screen, as text."""

from __future__ import annotations

from bot.api import (
    Command,
    Completes,
    Context,
    Notice,
    Part,
    PartStyle,
    Refused,
    first_word,
    reply,
    reveal,
    session_named,
)

DEFAULT, MOST = 50, 500


async def run(context: Context) -> Notice:
    word, count = first_word(context.rest)
    session = session_named(context, word)
    if isinstance(session, Notice):
        return session
    count = count.removeprefix("-n").strip()
    if count and not (count.isdigit() and 0 < int(count) <= MOST):
        raise Refused(f"how many lines? peek NAME [1–{MOST}]")
    rows = await context.gateway.sessions.tail(session, int(count or DEFAULT))
    text = reveal("\n".join(rows)) or "(the screen is empty)"
    return reply(f"Screen of '{session.name}'", Part(text, PartStyle.CODE), session=session.name)


COMMAND = Command(
    name="peek",
    summary="what is on a session's screen",
    usage="peek NAME [lines]",
    run=run,
    completes=Completes.SESSION,
)
