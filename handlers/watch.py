"""watch NAME: look at that session and tell about it (again)."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Notice, reply, session_named


async def run(context: Context) -> Notice:
    session, _ = session_named(context)
    await context.gateway.sessions.watch(session, watched=True)
    return reply(f"✓ Watching '{session.name}'", session=session.name)


COMMAND = Command(
    name="watch",
    summary="watch a session again",
    usage="watch NAME",
    run=run,
    completes=Completes.SESSION,
)
