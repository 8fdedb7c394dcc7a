"""sessions, status [NAME], dashboard: all sessions as a table, or one in detail."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    Button,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    PartStyle,
    Phase,
    Phrase,
    PromptState,
    Session,
    board,
    facts,
    history,
    outcome_line,
    prompt_card,
    reply,
    session_named,
)


async def run(context: Context) -> Notice:
    of_one = bool(context.session) and context.command == "status"
    if not context.rest and not of_one:
        return _table(context)
    session, _ = session_named(context)
    return await _detail(context, session)


def _table(context: Context) -> Notice:
    gateway = context.gateway
    now, standing = gateway.clock.now(), gateway.standing()
    return board(gateway.roster, context.principal.id, now, standing, anew=True)


async def _detail(context: Context, session: Session) -> Notice:
    now = context.gateway.clock.now()
    attach = f"Attach: {context.gateway.sessions.attach_command(session)}"
    parts = [Part("\n".join([*facts(session, now), attach]))]
    if session.history:
        parts.append(Part(history(session.history), PartStyle.CODE))
    notice = reply(f"Session '{session.name}'", *parts, session=session.name)
    return await _with_prompt(context, session, notice)


async def _with_prompt(context: Context, session: Session, notice: Notice) -> Notice:
    """What waits there, with its buttons; else how the last prompt ended."""
    approvals = context.gateway.approvals
    waiting = [r for r in await approvals.live(session.name) if r.state is PromptState.OPEN]
    if waiting:
        card = prompt_card(waiting[0])
        parts = (*notice.parts, Part(card.title), *card.parts)
        return replace(
            notice, parts=parts, buttons=card.buttons, footer=card.footer, code=card.code
        )
    last = await approvals.last_of(session.name)
    tail = (Part(f"Last prompt: {outcome_line(last)}"),) if last is not None else ()
    hint = (Part("To tell it something, reply to this."),) if _listens(session) else ()
    return replace(notice, parts=(*notice.parts, *tail, *hint), buttons=_buttons(session))


def _listens(session: Session) -> bool:
    return bool(session.agent) and session.phase in (Phase.IDLE, Phase.WORKING)


def _buttons(session: Session) -> tuple[Button, ...]:
    return tuple(Button(word, f"{word} {session.name}") for word in ("peek", "screen", "diff"))


COMMAND = Command(
    name="sessions",
    summary="all sessions; with a name: one in detail",
    usage="sessions · status NAME",
    run=run,
    group=Group.LOOK,
    rank=1,
    looks=True,
    aliases=("status", "dashboard", "list"),
    completes=Completes.SESSION,
    phrases=(
        Phrase(re.compile(r"(?i)show (me )?(the )?(dashboard|sessions)[.!?]*"), "sessions"),
        Phrase(
            re.compile(r"(?i)how(['\u2019]?s| is) (?P<name>\S+) (going|doing)[.!?]*"),
            "status {name}",
        ),
    ),
)
