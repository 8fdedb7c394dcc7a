"""unmute NAME: tell about that session again, and what it asked meanwhile at once."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Group, Notice, alone, reply, session_named


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest)
    was = await context.gateway.steering.unmute(session.name)
    said = f"🔔 '{session.name}' is heard again" if was else f"'{session.name}' was not muted"
    return reply(said, session=session.name)


COMMAND = Command(
    name="unmute",
    summary="messages about a session again",
    usage="unmute NAME",
    run=run,
    group=Group.TOLD,
    rank=2,
    completes=Completes.SESSION,
)
