"""stop NAME: end a session; asks once when work would be lost."""

from __future__ import annotations

from bot.api import (
    Button,
    ButtonStyle,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    NoticeKind,
    Origin,
    Part,
    Phase,
    Session,
    alone,
    reply,
    session_named,
)

_SURE = frozenset({"yes", "--force", "force"})


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    if rest.lower() not in _SURE:
        alone(context, rest)
        loss = _loss(session)
        if loss:
            return _ask(session, loss)
    await context.gateway.sessions.stop(session, context.principal)
    return reply(f"✓ Session '{session.name}' stopped", session=session.name)


def _loss(session: Session) -> str:
    """What would be lost, empty when nothing would."""
    if session.phase is Phase.ENDED:
        return ""
    if session.origin is Origin.FOUND:
        return "You started it yourself: every window of that tmux session would be closed."
    if session.phase in (Phase.WORKING, Phase.WAITING):
        return f"It is {session.phase.value}: what it is doing would be lost."
    return ""


def _ask(session: Session, loss: str) -> Notice:
    return Notice(
        NoticeKind.TROUBLE,
        f"Really stop '{session.name}'?",
        (Part(loss),),
        (Button("Stop it", f"stop {session.name} yes", ButtonStyle.DENY),),
        footer=f"Reply with: stop {session.name} yes",
        session=session.name,
    )


COMMAND = Command(
    name="stop",
    summary="end a session",
    usage="stop NAME",
    run=run,
    group=Group.WORK,
    rank=5,
    completes=Completes.SESSION,
)
