"""tell NAME text: a text to the agent, once it is at its input box."""

from __future__ import annotations

import re

from bot.api import (
    Command,
    Completes,
    Context,
    Notice,
    Phrase,
    Refused,
    first_word,
    session_named,
)


async def run(context: Context) -> Notice:
    word, text = first_word(context.rest)
    if context.card is not None and not context.gateway.roster.named(word, context.principal.id):
        word, text = "", context.rest
    session = session_named(context, word)
    if isinstance(session, Notice):
        return session
    if not text:
        raise Refused(f"what shall I tell '{session.name}'? tell NAME text")
    return await context.gateway.prompting.tell(session, text, context.principal, context.event)


COMMAND = Command(
    name="tell",
    summary="send a text to an agent; queued while it is busy",
    usage="tell NAME text",
    run=run,
    aliases=("send",),
    completes=Completes.SESSION,
    phrases=(
        Phrase(re.compile(r"(?is)tell (?P<name>\S+) to (?P<text>.+)"), "tell {name} {text}"),
    ),
)
