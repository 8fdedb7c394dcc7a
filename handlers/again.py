"""again NAME: start a session that has ended once more, with the same agent and directory; it goes
on with its conversation where the agent can, unless it shall be a new one."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    Phase,
    Refused,
    Session,
    StartRequest,
    alone,
    session_named,
)

_NEW = ("new", "fresh")


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest, *_NEW)
    if session.phase is not Phase.ENDED:
        raise Refused(f"session '{session.name}' is still there: stop {session.name} ends it")
    agent = session.agent if session.agent != "generic" else ""
    resumes = not rest and context.gateway.sessions.can_resume(session)
    request = StartRequest(
        session.name,
        session.directory,
        agent,
        conversation=session.conversation if resumes else "",
    )
    starting = context.gateway.starting
    try:
        told = await starting.start(request, "", context.principal, context.event)
    except Refused as refused:
        if not resumes:
            raise
        raise Refused(f"{refused}; or begin anew: again {session.name} new") from refused
    return replace(told, parts=(Part(_how(session, resumes=resumes)), *told.parts))


def _how(session: Session, *, resumes: bool) -> str:
    if resumes:
        return "It goes on with the conversation that it had."
    about = f" It was about: {session.task}" if session.task else ""
    return f"It begins a new conversation.{about}"


COMMAND = Command(
    name="again",
    summary="start a session that has ended once more; it goes on where it was, if it can",
    usage="again NAME [new]",
    run=run,
    group=Group.WORK,
    rank=4,
    completes=Completes.SESSION,
)
