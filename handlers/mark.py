"""mark CODE N[,N]: tick answers of a question on its card; ``choose`` sends them."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    NO_MARKS,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    PromptState,
    Refused,
    marked_card,
    numbers,
    outcome_line,
    prompt_named,
)


async def run(context: Context) -> Notice:
    record, words = await prompt_named(context)
    rows = () if words.lower() == NO_MARKS else numbers(words)
    if rows is None:
        raise Refused("which rows? mark CODE N,N, or mark CODE none")
    if record.state is not PromptState.OPEN:
        raise Refused(f"{record.code} is settled already: {outcome_line(record)}")
    card = marked_card(record, rows)
    session = context.gateway.roster.get(record.session)
    return replace(
        card, attach=context.gateway.sessions.attach_command(session) if session else ""
    )


COMMAND = Command(
    name="mark",
    summary="tick answers of a question before they are sent",
    usage="mark CODE N[,N]",
    run=run,
    group=Group.DECIDE,
    rank=7,
    completes=Completes.PROMPT,
)
