"""interrupt NAME: stop what the agent is doing, keep the session."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Group, Notice, alone, reply, session_named


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest)
    await context.gateway.sessions.interrupt(session, context.principal, context.event)
    return reply(f"✓ Session '{session.name}' interrupted", session=session.name)


COMMAND = Command(
    name="interrupt",
    summary="interrupt what an agent is doing",
    usage="interrupt NAME",
    run=run,
    group=Group.WORK,
    rank=3,
    completes=Completes.SESSION,
)
