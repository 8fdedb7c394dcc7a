"""untell NAME: take back a text that still waits for its turn."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Group, Notice, session_named


async def run(context: Context) -> Notice:
    session, mark = session_named(context)
    return await context.gateway.prompting.withdraw(session, mark.lower(), context.principal)


COMMAND = Command(
    name="untell",
    summary="take back a text that still waits: the last one",
    usage="untell NAME",
    run=run,
    group=Group.WORK,
    rank=2,
    completes=Completes.SESSION,
)
