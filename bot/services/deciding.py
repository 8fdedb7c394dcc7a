"""What approve, always, deny, choose and answer share: which prompt is meant, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.core.approvals import PromptState
from bot.core.cards import outcome_line
from bot.core.codes import looks_like_code
from bot.core.decisions import Decision
from bot.core.errors import NotFound, Refused
from bot.core.grammar import first_word
from bot.core.ids import Code, SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.core.visible import reveal
from bot.services.commands import Context

OWNER_AT_THE_MACHINE = "cli"


async def decide_named(context: Context, build: Callable[[str], Decision]) -> Notice:
    """Finds the prompt that the first word names (or the card replied to) and decides it.

    ``build`` makes the decision of the words after the name."""
    target, rest = first_word(context.rest)
    if context.card is not None and not await _names_something(context, target):
        return await _decide(context, context.card, build(context.rest))
    if not target:
        return await _only_one_open(context, build)
    record = await _by_code(context, target)
    if record is not None:
        return await _decide(context, record, build(rest))
    sessions = context.gateway.roster.named(target, context.principal.id)
    if len(sessions) > 1:
        return ask_which(context, sessions, rest)
    session = context.gateway.roster.require(target, context.principal.id)
    found = await _open_in(context, session)
    return found if isinstance(found, Notice) else await _decide(context, found, build(rest))


async def _names_something(context: Context, word: str) -> bool:
    if not word:
        return False
    if context.gateway.roster.named(word, context.principal.id):
        return True
    return await _by_code(context, word) is not None


async def _by_code(context: Context, word: str) -> PromptRecord | None:
    code = word.lower()
    if not looks_like_code(code):
        return None
    # A session may be called like a code; its own name wins for whoever types it.
    if context.gateway.roster.get(SessionName(word)) is not None:
        return None
    return await context.gateway.approvals.by_code(Code(code))


async def _decide(context: Context, record: PromptRecord, decision: Decision) -> Notice:
    return await context.gateway.approvals.decide(
        record, decision, context.principal, context.event
    )


async def _only_one_open(context: Context, build: Callable[[str], Decision]) -> Notice:
    """No name at all: never a guess, not even when only one prompt is open."""
    waiting = await context.gateway.approvals.live()
    if not waiting:
        raise Refused("nothing waits for an answer")
    return _which_prompt(context, waiting)


async def _open_in(context: Context, session: Session) -> PromptRecord | Notice:
    """A name is enough only for the one open prompt that this person has been sent."""
    live = await context.gateway.approvals.live(session.name)
    waiting = [record for record in live if record.state is PromptState.OPEN]
    if not waiting:
        raise Refused(await _why_nothing(context, session, live))
    if len(waiting) > 1:
        return _which_prompt(context, waiting)
    record = waiting[0]
    at_machine = context.principal.channel == OWNER_AT_THE_MACHINE
    if not at_machine and not await context.gateway.approvals.shown(record, context.principal):
        raise Refused(
            f"session '{session.name}' shows a prompt you have not been sent yet: "
            f"look at {record.code} first"
        )
    return record


async def _why_nothing(context: Context, session: Session, live: tuple[PromptRecord, ...]) -> str:
    if live:
        return f"session '{session.name}' is being answered: {outcome_line(live[0])}"
    last = await context.gateway.approvals.last_of(session.name)
    said = f"nothing waits in session '{session.name}' (it is {session.phase.value})"
    return f"{said}. Last: {outcome_line(last)}" if last is not None else said


def _which_prompt(context: Context, waiting: Sequence[PromptRecord]) -> Notice:
    buttons = tuple(
        Button(f"{record.session} · {record.code}", f"{context.command} {record.code}")
        for record in waiting
    )
    lines = "\n".join(
        f"{record.code}  {record.session}: {_line(record.prompt.subject)}" for record in waiting
    )
    return Notice(
        NoticeKind.TROUBLE,
        f"Which one? {len(waiting)} wait. Nothing was done.",
        (Part(lines),),
        buttons,
        footer=f"Reply with: {context.command} <code>",
    )


def _line(text: str) -> str:
    first = reveal(text).splitlines()[0] if text else ""
    return first if len(first) <= 60 else first[:59] + "…"


def ask_which(context: Context, sessions: tuple[Session, ...], rest: str = "") -> Notice:
    """Several sessions fit: buttons with the same command for each."""
    tail = f" {rest}" if rest else ""
    buttons = tuple(
        Button(session.name, f"{context.command} {session.name}{tail}") for session in sessions
    )
    names = ", ".join(session.name for session in sessions)
    return Notice(
        NoticeKind.TROUBLE,
        "Which one? Nothing was done.",
        (Part(names),),
        buttons,
        footer=f"Reply with: {context.command} <name>",
    )


def session_named(context: Context, word: str) -> Session | Notice:
    """The one session of that name, or the question which one. Raises NotFound."""
    card = context.card
    if not word and card is not None:
        return context.gateway.roster.require(card.session)
    if not word:
        raise NotFound(f"which session? {context.command} NAME")
    found = context.gateway.roster.named(word, context.principal.id)
    if len(found) > 1:
        live = tuple(session for session in found if session.phase is not Phase.ENDED)
        return live[0] if len(live) == 1 else ask_which(context, found)
    return context.gateway.roster.require(word, context.principal.id)
