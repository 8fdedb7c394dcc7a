"""Which prompt or session is meant, and by whom: for approve, deny, tell and their like."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.core.approvals import PromptState
from bot.core.cards import outcome_line
from bot.core.codes import looks_like_code
from bot.core.decisions import Decision
from bot.core.errors import NotFound, Refused
from bot.core.grammar import first_word
from bot.core.ids import Code, SessionName
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.core.visible import reveal
from bot.services.commands import AskBack, Context, Gateway
from bot.services.lateness import refuse_reused

OWNER_AT_THE_MACHINE = "cli"

BUTTON_BYTES = 64
"""The most a button may carry on every channel."""


async def decide_named(context: Context, build: Callable[[str], Decision]) -> Notice:
    """Finds the prompt that the first word names and decides it.

    ``build`` makes the decision of the words after the name. Raises AskBack when several fit."""
    record, rest = await prompt_named(context)
    return await context.gateway.approvals.decide(
        record, build(rest), context.principal, context.event
    )


async def prompt_named(context: Context) -> tuple[PromptRecord, str]:
    """The prompt that the first word names, and the words after it. Raises AskBack."""
    target, rest = first_word(context.rest)
    return await _meant(context, target, rest), rest


async def _meant(context: Context, target: str, rest: str) -> PromptRecord:
    if not target:
        return await _only_one_open(context)
    record = await prompt_coded(context.gateway, target)
    if record is not None:
        refuse_reused(context.sent_at, record)
        return record
    return await _open_in(context, _one_of(context, target, rest), rest)


async def prompt_coded(gateway: Gateway, word: str) -> PromptRecord | None:
    """The prompt of that code; a session that is called like a code goes before it."""
    code = word.lower()
    if not looks_like_code(code) or gateway.roster.get(SessionName(word)) is not None:
        return None
    return await gateway.approvals.by_code(Code(code))


async def _only_one_open(context: Context) -> PromptRecord:
    """No name at all: never a guess, not even when only one prompt is open."""
    if context.card is not None:
        return context.card
    if context.session:
        return await _open_in(context, context.gateway.roster.require(context.session), "")
    live = await context.gateway.approvals.live()
    waiting = [record for record in live if record.state is PromptState.OPEN]
    if not waiting:
        raise Refused("nothing waits for an answer")
    raise AskBack(_which_prompt(context, waiting))


async def _open_in(context: Context, session: Session, rest: str) -> PromptRecord:
    """A name is enough only for the one open prompt that this person has been sent."""
    live = await context.gateway.approvals.live(session.name)
    waiting = [record for record in live if record.state is PromptState.OPEN]
    if not waiting:
        raise Refused(await _why_nothing(context, session, live))
    if len(waiting) > 1:
        raise AskBack(_which_prompt(context, waiting, rest))
    record = waiting[0]
    if context.principal.channel == OWNER_AT_THE_MACHINE:
        return record
    shown = context.gateway.approvals.shown
    if not await shown(record, context.principal):
        raise Refused(
            f"session '{session.name}' shows a prompt you have not been sent yet: "
            f"look at {record.code} first"
        )
    if not await shown(record, context.principal, context.sent_at):
        raise Refused(
            f"session '{session.name}' asked {record.code} after you wrote that, so nothing was "
            f"pressed: look at {record.code} first"
        )
    return record


async def _why_nothing(context: Context, session: Session, live: tuple[PromptRecord, ...]) -> str:
    if live:
        return f"session '{session.name}' is being answered: {outcome_line(live[0])}"
    last = await context.gateway.approvals.last_of(session.name)
    said = f"nothing waits in session '{session.name}' (it is {session.phase.value})"
    return f"{said}. Last: {outcome_line(last)}" if last is not None else said


def _which_prompt(context: Context, waiting: Sequence[PromptRecord], rest: str = "") -> Notice:
    lines = "\n".join(
        f"{record.code}  {record.session}: {_line(record.prompt.subject)}" for record in waiting
    )
    choices = [(f"{record.session} · {record.code}", str(record.code)) for record in waiting]
    count = "1 waits" if len(waiting) == 1 else f"{len(waiting)} wait"
    return _question(context, f"Which one? {count}. Nothing was done.", lines, choices, rest)


def _line(text: str) -> str:
    first = reveal(text).splitlines()[0] if text else ""
    return first if len(first) <= 60 else first[:59] + "…"


def _question(
    context: Context, title: str, body: str, choices: Sequence[tuple[str, str]], rest: str
) -> Notice:
    """Buttons with the same command for each; none where the words do not fit into a button."""
    tail = f" {rest}" if rest else ""
    commands = [(label, f"{context.command} {target}{tail}") for label, target in choices]
    fit = all(len(command.encode()) <= BUTTON_BYTES for _, command in commands)
    shown = tail if len(tail) <= 40 else " …"
    return Notice(
        NoticeKind.TROUBLE,
        title,
        (Part(body),),
        tuple(Button(label, command) for label, command in commands) if fit else (),
        footer=f"Reply with: {' or '.join(f'{context.command} {t}{shown}' for _, t in choices)}",
    )


def session_named(context: Context) -> tuple[Session, str]:
    """The session that the first word names, and the words after it. Raises NotFound, AskBack.

    Where a session is meant anyway, as in a reply to its card, only a session's whole name counts
    as one: else all words are for that one."""
    word, rest = first_word(context.rest)
    roster = context.gateway.roster
    if context.session:
        other = roster.called(word)
        return (other, rest) if other else (roster.require(context.session), context.rest)
    if not word:
        raise NotFound(f"which session? {_usage(context)}")
    return _one_of(context, word, rest), rest


def _one_of(context: Context, word: str, rest: str) -> Session:
    found = context.gateway.roster.named(word, context.principal.id)
    if len(found) > 1:
        choices = [(session.name, session.name) for session in found]
        names = ", ".join(session.name for session in found)
        raise AskBack(_question(context, "Which one? Nothing was done.", names, choices, rest))
    return context.gateway.roster.require(word, context.principal.id)


def alone(context: Context, rest: str, *known: str) -> None:
    """Raises Refused for words nobody can obey: "approve api, but only the first"."""
    if rest and rest.lower().rstrip(".!") not in known:
        raise Refused(
            f"I don't understand “{rest}” there, so nothing was done: {_usage(context)}, no more"
        )


def _usage(context: Context) -> str:
    """How the command is used, under the name that was typed."""
    for command in context.gateway.commands:
        if context.command in (command.name, *command.aliases):
            return command.usage.replace(command.name, context.command, 1)
    return f"{context.command} NAME"
