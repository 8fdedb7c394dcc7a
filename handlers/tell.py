"""tell NAME text: a text to the agent, once it is at its input box."""

from __future__ import annotations

import re

from bot.api import Command, Completes, Context, Notice, Phrase, Refused, session_named


async def run(context: Context) -> Notice:
    session, text = session_named(context)
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
        Phrase(re.compile(r"(?is)tell\s+(?P<name>\S+)\s+to\s+(?P<text>.+)"), "tell {name} {text}"),
    ),
)
