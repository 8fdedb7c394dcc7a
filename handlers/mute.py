"""mute NAME [1h]: no message about that session until then; what waits is told afterwards."""

from __future__ import annotations

from bot.api import (
    Button,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    Refused,
    reply,
    seconds,
    session_named,
    until,
)

USUAL = 3600


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    span = seconds(rest.removeprefix("for ")) if rest else USUAL
    if span is None:
        raise Refused(f"“{rest}” is no span of time, such as 30m, 1h or 1d")
    steering = context.gateway.steering
    end = await steering.mute(session.name, span, context.principal)
    return reply(
        f"🔕 '{session.name}' is muted until {until(end, context)}",
        Part("What still waits then is told at once. The local phone shows everything meanwhile."),
        buttons=(Button("Unmute", f"unmute {session.name}"),),
        session=session.name,
    )


COMMAND = Command(
    name="mute",
    summary="no messages about a session for a while",
    usage="mute NAME [1h]",
    run=run,
    group=Group.TOLD,
    rank=1,
    completes=Completes.SESSION,
)
