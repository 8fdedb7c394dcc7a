"""tell NAME text: a text to the agent, once it is at its input box."""

from __future__ import annotations

import re

from bot.api import (
    SAME_WORDS,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Phrase,
    Refused,
    session_named,
)


async def run(context: Context) -> Notice:
    session, text = session_named(context)
    files, origin = context.occasion.files, context.occasion.event
    if text.startswith(SAME_WORDS) and not files:
        origin = text.removeprefix(SAME_WORDS).strip()
        before = await context.gateway.files.sent_before(context.principal, origin)
        files, text = before.files, before.text.strip()
    prompting = context.gateway.prompting
    if files:
        prompting.check(session)
        text = await context.gateway.files.bring(
            session, files, text, context.principal, context.event, origin
        )
    if not text:
        raise Refused(f"what shall I tell '{session.name}'? tell NAME text")
    return await prompting.tell(session, text, context.principal, context.event)


COMMAND = Command(
    name="tell",
    summary="send a text to an agent; queued while it is busy",
    usage="tell NAME text",
    run=run,
    group=Group.WORK,
    rank=1,
    aliases=("send",),
    takes_files=True,
    completes=Completes.SESSION,
    phrases=(
        Phrase(re.compile(r"(?is)tell\s+(?P<name>\S+)\s+to\s+(?P<text>.+)"), "tell {name} {text}"),
    ),
)
