"""unwatch NAME: leave that session alone until it is watched again."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Notice, reply, session_named


async def run(context: Context) -> Notice:
    session, _ = session_named(context)
    await context.gateway.sessions.watch(session, watched=False)
    return reply(f"✓ Not watching '{session.name}' any more", session=session.name)


COMMAND = Command(
    name="unwatch",
    summary="leave a session alone",
    usage="unwatch NAME",
    run=run,
    completes=Completes.SESSION,
)
