"""screen NAME: what is on the session's screen, as a picture."""

from __future__ import annotations

from bot.api import (
    Attachment,
    Button,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    alone,
    reply,
    safe_name,
    session_named,
)


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest)
    gateway = context.gateway
    screen = await gateway.sessions.screen(session)
    picture = await gateway.painter.paint(screen, "png")
    return reply(
        f"Screen of '{session.name}'",
        buttons=(Button("As text", f"peek {session.name}"),),
        session=session.name,
        attachments=(Attachment(f"{safe_name(session.name)}.png", "image/png", picture),),
    )


COMMAND = Command(
    name="screen",
    summary="a picture of a session's screen",
    usage="screen NAME",
    run=run,
    group=Group.LOOK,
    rank=3,
    looks=True,
    completes=Completes.SESSION,
)
