"""deny NAME|CODE [reason]: say no; the reason reaches the agent."""

from __future__ import annotations

from bot.api import (
    SAME_WORDS,
    Code,
    Command,
    Completes,
    Context,
    Decision,
    Group,
    Notice,
    Refused,
    Verdict,
    decide_named,
    first_word,
)


async def _same_words(context: Context) -> str:
    """The reason that a button stands for: what this person wrote to that card before."""
    target, rest = first_word(context.rest)
    if rest != SAME_WORDS:
        return ""
    record = await context.gateway.approvals.by_code(Code(target))
    words = record and await context.gateway.approvals.kept_words(record, context.principal)
    if not words:
        raise Refused("I don't have those words any more: type deny CODE and the reason")
    return words


async def run(context: Context) -> Notice:
    kept = await _same_words(context)
    return await decide_named(context, lambda rest: Decision(Verdict.DENY, kept or _line(rest)))


def _line(reason: str) -> str:
    """An agent's field for a reason has one line."""
    return " ".join(reason.split())


COMMAND = Command(
    name="deny",
    summary="say no; a reason reaches the agent",
    usage="deny NAME|CODE [reason]",
    run=run,
    group=Group.DECIDE,
    rank=3,
    aliases=("no", "reject"),
    completes=Completes.PROMPT,
)
