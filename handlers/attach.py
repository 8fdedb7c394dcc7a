"""attach NAME: what to type at the machine to look at a session there."""

from __future__ import annotations

from bot.api import (
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    PartStyle,
    reply,
    session_named,
)


async def run(context: Context) -> Notice:
    session, _ = session_named(context)
    line = context.gateway.sessions.attach_command(session)
    title = "Type this at the machine:"
    return reply(title, Part(line, PartStyle.CODE), session=session.name, attach=line)


COMMAND = Command(
    name="attach",
    summary="how to look at a session at the machine",
    usage="attach NAME",
    run=run,
    group=Group.LOOK,
    rank=6,
    looks=True,
    completes=Completes.SESSION,
)
