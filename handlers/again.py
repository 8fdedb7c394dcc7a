"""again NAME: start a session that has ended once more, with the same agent and directory."""

from __future__ import annotations

from bot.api import (
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Phase,
    Refused,
    StartRequest,
    alone,
    session_named,
)


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest)
    if session.phase is not Phase.ENDED:
        raise Refused(f"session '{session.name}' is still there: stop {session.name} ends it")
    agent = session.agent if session.agent != "generic" else ""
    request = StartRequest(session.name, session.directory, agent)
    starting = context.gateway.starting
    return await starting.start(request, "", context.principal, context.event)


COMMAND = Command(
    name="again",
    summary="start a session that has ended once more, in its directory",
    usage="again NAME",
    run=run,
    group=Group.WORK,
    rank=4,
    completes=Completes.SESSION,
)
